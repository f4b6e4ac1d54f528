using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Host.Activities;
using Workbench.LanguageModels.FineTuning;
using Workbench.Registry;
using Workbench.Workflows;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Tests.Activities;

public sealed class FineTuneTests
{
    private readonly string _folder = TinyText.NewFolder();
    private readonly ModelRegistry _registry;

    public FineTuneTests() => _registry = ModelRegistry.Open(new DataFolder(Path.Combine(_folder, "data")));

    [Fact]
    public async Task Run_Adapter_RegistersWhatLoadsOntoTheBaseModel()
    {
        var result = await RunAsync("step1", ("targets", new JsonArray("c_attn", "c_fc")), ("rank", 4), ("learningRate", 0.02));

        var version = await _registry.GetVersionAsync("chat", (int)result.Outputs["version"]!);
        var run = await _registry.GetRunAsync(version.RunId!.Value);
        Assert.Equal((RunStatus.Finished, "Lora", "c_attn, c_fc", "4"), (run.Status, run.Parameters["method"], run.Parameters["targets"], run.Parameters["rank"]));
        Assert.True(version.Metrics["perplexity_new_after"] < 0.85 * version.Metrics["perplexity_new_before"]);   // the base is random, so that little is to be had
        Assert.Equal(run.Metrics["forgetting"], version.Metrics["perplexity_old_after"] / version.Metrics["perplexity_old_before"] - 1, 1e-9);
        Assert.InRange(version.Metrics["out_of_vocabulary_rate"], 0.001, 0.5);
        Assert.NotEmpty(await _registry.GetMetricHistoryAsync(run.Id, "validation_loss"));
        Assert.Equal(["adapter_config.json", "adapter_model.safetensors", "tokenizer.json", "tokenizer_config.json"], version.Files.Select(file => file.Path).Order(StringComparer.Ordinal));

        // The files, put onto the base model, have the perplexity that was registered.
        var adapterFolder = Directory.CreateTempSubdirectory("workbench-test-").FullName;
        foreach (var file in version.Files)
            await _registry.Artifacts.MaterialiseAsync(file.ArtifactId, Path.Combine(adapterFolder, file.Path), default);
        using var model = FineTuningSession.LoadAdapter(Path.Combine(_folder, "base"), adapterFolder);
        var heldOut = TextCorpus.Read(Path.Combine(_folder, "year-b.txt")).Encode(model.Tokenizer).HeldOut;
        Assert.Equal(version.Metrics["perplexity_new_after"], model.Measure(heldOut, 64).Value, 1e-3);
    }

    [Fact]
    public async Task Run_ForgetsMoreThanAllowed_RegistersNothingAndSaysSo()
    {
        TinyText.LearnYearAAndReverseYearB(_folder);
        var forgot = await RunAsync("step1", ("base", Path.Combine(_folder, "learned")), ("method", "Full"), ("learningRate", 0.01), ("warmup", 0), ("steps", 10), ("maxForgetting", 0.05));
        Assert.Equal("Forgot", forgot.Outcome);
        Assert.Null(forgot.Outputs["version"]);
        Assert.True((double)forgot.Outputs["metrics"]!["forgetting"]! > 0.05);
        Assert.Contains("is not registered", forgot.Message);
        Assert.Empty(await _registry.ListModelsAsync());
        Assert.Equal(RunStatus.Finished, (await _registry.ListRunsAsync("chat")).Single().Status);
    }

    [Fact]
    public async Task Run_TriedAgain_RegistersOneVersion()
    {
        var first = await RunAsync("step1", ("steps", 2));
        var again = await RunAsync("step1", ("steps", 2));
        Assert.Equal((1, 1), ((int)first.Outputs["version"]!, (int)again.Outputs["version"]!));
        Assert.Equal("Registered by an earlier attempt.", again.Message);
        Assert.Single(await _registry.ListRunsAsync("chat"));
    }

    [Fact]
    public async Task Run_WrongInputs_SaysWhatIsWrong()
    {
        Assert.Contains("Did you mean 'c_attn'?", (await Assert.ThrowsAsync<CommandException>(() => RunAsync("s", ("targets", new JsonArray("c_atn"))))).Message);
        Assert.Contains("There is no base model", (await Assert.ThrowsAsync<CommandException>(() => RunAsync("s", ("base", null)))).Message);
        Assert.Contains("the model has 64 positions", (await Assert.ThrowsAsync<CommandException>(() => RunAsync("s", ("context", 128)))).Message);
        Assert.Contains("takes old text", (await Assert.ThrowsAsync<CommandException>(() => RunAsync("s", ("old", null), ("maxForgetting", 0.1)))).Message);
        Assert.Contains("Known: tiny, small, medium, gpt2", (await Assert.ThrowsAsync<CommandException>(() => RunAsync("s", ("base", null), ("method", "Scratch"), ("config", "huge")))).Message);
        Assert.Contains("one of Lora, Full, Scratch", (await Assert.ThrowsAsync<WorkflowException>(() => RunAsync("s", ("method", "Prefix")))).Message);
        Assert.Contains("is missing", (await Assert.ThrowsAsync<DataException>(() => RunAsync("s", ("data", Path.Combine(_folder, "none.txt"))))).Message);
        var runs = await _registry.ListRunsAsync("chat");
        Assert.All(runs, run => Assert.Equal(RunStatus.Failed, run.Status));
        Assert.Empty(await _registry.ListModelsAsync());
    }

    private Task<StepResult> RunAsync(string stepId, params (string Name, JsonNode? Value)[] inputs)
    {
        (string, JsonNode?)[] all =
        [
            ("modelName", "chat"), ("base", Path.Combine(_folder, "base")), ("data", Path.Combine(_folder, "year-b.txt")), ("old", Path.Combine(_folder, "year-a.txt")), ("epochs", 3), ("batchSize", 8), ("threads", 1),
        ];
        return StepActivities.Create(_registry).Find("Workbench.FineTune").ExecuteAsync(new StepContext
        {
            RunId = "run1", StepId = stepId, DefinitionId = "flow", Version = 1, ActivityId = "a", ActivityName = "a", ActivityType = "Workbench.FineTune", Attempt = 1,
            Inputs = new JsonObject(all.Where(pair => inputs.All(input => input.Name != pair.Item1)).Concat(inputs).Select(input => KeyValuePair.Create(input.Item1, input.Item2))),
            WorkflowInputs = [], Reason = "test", Actor = "test",
        }, TestContext.Current.CancellationToken);
    }
}
