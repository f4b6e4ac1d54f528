using Workbench.Data;
using Workbench.Distributed.Tracing;
using Workbench.LanguageModels.FineTuning;
using Workbench.Registry;

namespace Workbench.Host.Tests;

public sealed class FineTuneCommandTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);
    private readonly string _folder = TinyText.NewFolder();

    [Fact]
    public async Task Run_Lora_WritesAnAdapterTellsWhatItLearnedAndRegisters()
    {
        var (code, output, error) = await RunAsync(
            "base", "--data", "year-b.txt", "--old", "year-a.txt", "--out", "adapter", "--lora", "r=4,alpha=8,targets=c_attn,c_fc", "--epochs", "1", "--lr", "0.02", "--device", "cpu", "--threads", "1", "--register", "chat", "--store", "store");

        Assert.True(code == ExitCode.Done, error);
        Assert.Matches(@"(?m)^\[=+ *\] step \d+ of \d+  loss \d", output);
        Assert.Matches(@"(?m)^new +\d+\.\d{3} +\d+\.\d{3} +-\d+\.\d %", output);
        Assert.Matches(@"(?m)^old +\d+\.\d{3}", output);
        Assert.Contains("of the new text's words are not in the old", output);
        Assert.Contains("Registered as chat v1.", output);
        using var adapted = FineTuningSession.LoadAdapter(Path.Combine(_folder, "base"), Path.Combine(_folder, "adapter"));
        // c_attn and c_fc of 2 layers of width 64: rank 4 times inputs and outputs.
        Assert.Equal(2 * 4 * (64 + 192 + 64 + 256), adapted.TrainedParameters);
        var version = await ModelRegistry.Open(new DataFolder(Path.Combine(_folder, "store"))).GetVersionAsync("chat", 1);
        Assert.Equal("peft-adapter", version.Tags["kind"]);
        Assert.Equal("base", version.Tags["base_model"]);
    }

    [Fact]
    public async Task Run_ForgetsMoreThanAllowed_EndsWithThreeAndRegistersNothing()
    {
        TinyText.LearnYearAAndReverseYearB(_folder);

        var (code, output, error) = await RunAsync(
            "learned", "--full", "--data", "year-b.txt", "--old", "year-a.txt", "--out", "out", "--lr", "0.01", "--warmup", "0", "--steps", "10", "--max-forgetting", "5%", "--device", "cpu", "--threads", "1", "--register", "chat", "--store", "store");

        Assert.Equal(ExitCode.GateSaidNo, code);
        Assert.Contains("Refused: perplexity on the old text rose by", error);
        Assert.Contains("Model in out.", output);
        Assert.Empty(await ModelRegistry.Open(new DataFolder(Path.Combine(_folder, "store"))).ListModelsAsync());
        Assert.True(File.Exists(Path.Combine(_folder, "out", "model.safetensors")));
    }

    [Fact]
    public async Task Run_FromScratch_WritesAModelThatWrites()
    {
        var (code, output, error) = await RunAsync("--from-scratch", "--config", "tiny", "--vocabulary", "290", "--data", "year-a.txt", "--out", "fresh", "--steps", "12", "--device", "cpu", "--threads", "1", "--timeline", "steps.json");
        Assert.True(code == ExitCode.Done, error);
        var trace = TimelineTrace.Parse(await File.ReadAllBytesAsync(Path.Combine(_folder, "steps.json"), TestContext.Current.CancellationToken));
        Assert.Equal(12, trace.Spans.Count(span => span.Kind == TimelineKind.Step));
        Assert.Contains("Model in fresh.", output);
        using var model = FineTuningSession.Load(Path.Combine(_folder, "fresh"));
        Assert.Equal(290, model.Tokenizer.VocabularySize);
        Assert.NotEmpty(string.Concat(model.Generate("so ", new() { MaxNewTokens = 8 })));
    }

    [Fact]
    public async Task Run_OnTwoRanks_IsTheModelOfOneAlsoWhenARankIsKilled()
    {
        OpenMpi.SkipWhereAbsent();
        string[] adapter = ["base", "--data", "year-b.txt", "--lora", "r=4", "--epochs", "2", "--lr", "0.003", "--device", "cpu", "--threads", "1", "--store", "store"];
        var registry = ModelRegistry.Open(new DataFolder(Path.Combine(_folder, "store")));
        var (code, _, error) = await RunAsync([.. adapter, "--out", "one", "--register", "one"]);
        Assert.True(code == ExitCode.Done, error);

        await using var job = WorkbenchProcess.Start(_folder, new Dictionary<string, string>(), ["finetune", .. adapter, "--out", "two", "--register", "two", "--nproc", "2"]);
        await job.UntilAsync(Limit, () => job.Output.Contains(": perplexity on new held-out text", StringComparison.Ordinal) && job.Output.Contains("] step 30 of", StringComparison.Ordinal));
        job.KillRank(1);
        Assert.True(await job.EndAsync(Limit) == ExitCode.Done, job.Error);
        Assert.Contains("attempt 2: 1 ranks", job.Error);
        Assert.Contains("goes on from step", job.Output);
        Assert.Contains("Registered as two v1.", job.Output);
        var (one, two) = (await registry.GetVersionAsync("one", 1), Assert.Single(await registry.ListVersionsAsync("two")));
        // Adam makes the rounding of sums larger, and a larger step size more so.
        Assert.Equal(1, two.Metrics["perplexity_new_after"] / one.Metrics["perplexity_new_after"], 1e-3);
        Assert.Equal(one.Files.Select(file => file.Path).Order(StringComparer.Ordinal), two.Files.Select(file => file.Path).Order(StringComparer.Ordinal));
        Assert.Empty(Directory.GetDirectories(Path.Combine(_folder, "store", "jobs")));

        // The gate's word is the job's, and what is wrong is told before ranks are started.
        (code, _, error) = await RunAsync("base", "--full", "--data", "year-b.txt", "--old", "year-a.txt", "--out", "out", "--lr", "0.5", "--warmup", "0", "--steps", "2", "--max-forgetting", "5%", "--device", "cpu", "--threads", "1", "--register", "forgot", "--store", "store", "--nproc", "2");
        Assert.True(code == ExitCode.GateSaidNo, error);
        Assert.Contains("Refused: perplexity on the old text rose by", error);
        Assert.DoesNotContain(await registry.ListModelsAsync(), model => model.Name == "forgot");
        (code, _, error) = await RunAsync("none", "--data", "year-b.txt", "--out", "out", "--store", "store", "--nproc", "2");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("none' is missing", error);
        Assert.DoesNotContain("attempt 1", error);
    }

    [Theory]
    [InlineData(ExitCode.WrongUse, "exclude each other", "base", "--full", "--lora")]
    [InlineData(ExitCode.WrongUse, "'much' is no share", "base", "--max-forgetting", "much")]
    [InlineData(ExitCode.Failed, "'x=1' is unknown", "base", "--lora", "r=4,x=1")]
    [InlineData(ExitCode.Failed, "Unknown LoRA target 'q_proj'", "base", "--lora", "targets=q_proj")]
    [InlineData(ExitCode.Failed, "'a/b' is no model name", "base", "--register", "a/b")]
    public async Task Run_WrongUse_SaysWhatIsAllowed(int expected, string message, params string[] arguments)
    {
        var (code, _, error) = await RunAsync([.. arguments, "--data", "year-b.txt", "--out", "out"]);
        Assert.Equal(expected, code);
        Assert.Contains(message, error);
        Assert.False(Directory.Exists(Path.Combine(_folder, "out")));
    }

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) => WorkbenchProcess.RunAsync(_folder, Limit, ["finetune", .. arguments]);
}
