using System.CommandLine;
using System.Globalization;
using Workbench.Data;
using Workbench.Host.Activities;
using Workbench.Host.Jobs;
using Workbench.Registry;
using Workbench.Training;

namespace Workbench.Host.Cli;

/// <summary>Fine-tunes a language model from the command line.</summary>
internal sealed class FineTuneCommand
{
    private static readonly FineTuneOptions Defaults = new() { ModelName = "", Data = "" };

    private readonly Argument<string?> _base = new("base") { Description = "Folder of the model as Hugging Face lays it out; none with --from-scratch.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string> _text = new("--data", "-d") { Description = "New text: .txt or .md, or .jsonl with text, prompt and completion, or messages.", HelpName = "FILE", Required = true };
    private readonly Option<string?> _old = new("--old") { Description = "Text that the model knew: says what is forgotten.", HelpName = "FILE" };
    private readonly Option<string> _out = new("--out", "-o") { Description = "Folder for the adapter or model.", HelpName = "DIR", Required = true };
    private readonly Option<string?> _lora = new("--lora") { Description = "Train an adapter (the default), with r=8,alpha=16,dropout=0,targets=c_attn,c_proj.", HelpName = "SETTINGS", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _merge = new("--merge") { Description = "Merge the adapter and write the whole model." };
    private readonly Option<bool> _full = new("--full") { Description = "Train every weight." };
    private readonly Option<bool> _scratch = new("--from-scratch") { Description = "Train a fresh model with a tokenizer of its own." };
    private readonly Option<string> _config = new("--config") { Description = "Size of a fresh model: tiny, small, medium or gpt2.", HelpName = "SIZE", DefaultValueFactory = _ => Defaults.Config };
    private readonly Option<int> _vocabulary = new("--vocabulary") { Description = "Tokens of a fresh tokenizer.", HelpName = "N", DefaultValueFactory = _ => Defaults.Vocabulary };
    private readonly Option<int> _epochs = new("--epochs") { Description = "Most passes over the new text.", HelpName = "N", DefaultValueFactory = _ => Defaults.Epochs };
    private readonly Option<int?> _steps = new("--steps") { Description = "Most steps.", HelpName = "N" };
    private readonly Option<int> _batch = new("--batch") { Description = "Rows a batch.", HelpName = "N", DefaultValueFactory = _ => Defaults.BatchSize };
    private readonly Option<int> _accumulate = new("--accumulate") { Description = "Batches a step.", HelpName = "N", DefaultValueFactory = _ => Defaults.Accumulate };
    private readonly Option<int?> _context = new("--context") { Description = "Tokens a row. Default: the model's positions, at most 256.", HelpName = "N" };
    private readonly Option<double?> _rate = new("--lr") { Description = "Peak learning rate. Default: 2e-4 for an adapter, 5e-5 with --full, 1e-3 from scratch.", HelpName = "RATE" };
    private readonly Option<int> _warmup = new("--warmup") { Description = "Steps of rise to the peak.", HelpName = "N", DefaultValueFactory = _ => Defaults.Warmup };
    private readonly Option<double> _heldOut = Share("--held-out", "Share of each text held out to judge by.", Defaults.HeldOut);
    private readonly Option<double> _replay = Share("--replay", "Share of rows that are old text, against forgetting.", Defaults.Replay);
    private readonly Option<double?> _bound = new("--max-forgetting") { Description = "By how much the perplexity on the old text may rise, such as 10%; above it the exit code is 3 and nothing is registered.", HelpName = "SHARE", CustomParser = result => ShareOf(result) };
    private readonly Option<string> _precision = new("--precision") { Description = "fp32, bf16 or fp16.", DefaultValueFactory = _ => "fp32" };
    private readonly Option<bool> _recompute = new("--recompute") { Description = "Compute blocks again in the backward pass: less memory, a third more time." };
    private readonly Option<string?> _checkpoints = new("--checkpoints") { Description = "Folder for checkpoints after each epoch; run again, the training goes on from the newest.", HelpName = "DIR" };
    private readonly Option<string?> _timeline = OutputFile.Option("--timeline", "Write what the training did when to this file, for ui.perfetto.dev or chrome://tracing.");
    private readonly Option<int> _seed = new("--seed") { Description = "Seed of order, dropout and fresh weights.", HelpName = "N", DefaultValueFactory = _ => Defaults.Seed };
    private readonly Option<string> _device = new("--device") { Description = "cpu, cuda:N or auto.", DefaultValueFactory = _ => "auto" };
    private readonly Option<int?> _threads = new("--threads") { Description = "Processor threads. Default: by the size of a step; one repeats to the bit.", HelpName = "N" };
    private readonly Option<string?> _register = new("--register") { Description = "Register the folder as a version of this model.", HelpName = "NAME" };
    private readonly Option<string?> _store = new("--store") { Description = $"Data folder of the registry. Default: {DataFolder.EnvironmentVariable}, else .workbench in the current directory.", HelpName = "DIR" };

    private readonly JobCommandOptions _job = new();

    public static Command Create()
    {
        var command = new FineTuneCommand();
        var result = new Command("finetune", "Fine-tune a language model on new text; exits with 3 when it forgets more than allowed.")
        {
            command._base, command._text, command._old, command._out, command._lora, command._merge, command._full, command._scratch, command._config, command._vocabulary, command._epochs,
            command._steps, command._batch, command._accumulate, command._context, command._rate, command._warmup, command._heldOut, command._replay, command._bound, command._precision,
            command._recompute, command._checkpoints, command._timeline, command._seed, command._device, command._threads, command._register, command._store,
        };
        foreach (var option in command._job.All)
            result.Add(option);
        command._precision.AcceptOnlyFromAmong("fp32", "bf16", "fp16");
        result.Validators.Add(parsed =>
        {
            if (new[] { parsed.GetResult(command._lora) is { Implicit: false }, parsed.GetValue(command._full), parsed.GetValue(command._scratch) }.Count(given => given) > 1)
                parsed.AddError("--lora, --full and --from-scratch exclude each other. Give one of them.");
            if (parsed.GetValue(command._scratch) == parsed.GetValue(command._base) is not null)
                parsed.AddError(parsed.GetValue(command._scratch) ? "A model from scratch has no base folder. Leave it out, or leave --from-scratch out." : "Say which model: workbench finetune BASE_FOLDER ..., or --from-scratch.");
        });
        result.SetAction((parsed, cancellationToken) => command._job.RunAsync(parsed, new()
        {
            Inputs = [.. new[] { parsed.GetValue(command._base), parsed.GetValue(command._text), parsed.GetValue(command._old) }.OfType<string>()],
            Folder = () => command.Store(parsed), Check = _ => command.Check(parsed), Work = command.ExecuteAsync,
        }, cancellationToken));
        return result;
    }

    private void Check(ParseResult parsed)
    {
        OutputFile.Require(parsed, _timeline);
        new FineTuneJob(Options(parsed)).Check();
    }

    private async Task<int> ExecuteAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = Options(parsed);
        var output = parsed.GetValue(_out)!;   // required
        var job = new FineTuneJob(options) { Checkpoints = parsed.GetValue(_checkpoints) ?? RankJob.Checkpoints, Timeline = OutputFile.Require(parsed, _timeline) };
        if (!RankJob.IsFirst)
        {
            job.Follow(cancellationToken);
            return ExitCode.Done;
        }
        var registry = parsed.GetValue(_register) is null ? null : ModelRegistry.Open(Store(parsed));   // before the work: it may not be there
        var report = job.Run(output, Console.WriteLine, new FineTuneProgress(Console.Out, TimeProvider.System), cancellationToken);
        Print(report, output);
        if (!report.Result.IsWithinBound)
        {
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"Refused: perplexity on the old text rose by {100 * report.Result.Forgetting:F1} %; allowed are {100 * options.MaxForgetting:F1} %. Nothing is registered. Replay old text (--replay 0.3), lower --lr, or train fewer steps."));
            return ExitCode.GateSaidNo;
        }
        if (registry is not null)
        {
            var version = await FineTuneJob.RegisterAsync(registry, options, report, output, null, RankJob.Key, "Fine-tuned from the command line.", cancellationToken);
            Console.WriteLine($"Registered as {version.Name} v{version.Version}.");
        }
        return ExitCode.Done;
    }

    private DataFolder Store(ParseResult parsed)
    {
        var folder = (parsed.GetValue(_store) is { } path ? new DataFolder(Path.GetFullPath(path)) : DataFolder.FromEnvironment()) with { SharedDatabase = DatabaseAddress.FromEnvironment() };
        folder.EnsureWritable();
        return folder;
    }

    private FineTuneOptions Options(ParseResult parsed)
    {
        if (parsed.GetValue(_register) is { } name)
            ModelRegistry.CheckName(name);
        return Given(parsed);
    }

    private FineTuneOptions Given(ParseResult parsed) => LoraText.Apply(parsed.GetValue(_lora), new FineTuneOptions
    {
        ModelName = parsed.GetValue(_register) ?? "", Base = parsed.GetValue(_base), Data = parsed.GetValue(_text)!, Old = parsed.GetValue(_old),
        Method = parsed.GetValue(_full) ? FineTuneMethod.Full : parsed.GetValue(_scratch) ? FineTuneMethod.Scratch : FineTuneMethod.Lora,
        Merge = parsed.GetValue(_merge), Config = parsed.GetValue(_config)!, Vocabulary = parsed.GetValue(_vocabulary), Epochs = parsed.GetValue(_epochs), Steps = parsed.GetValue(_steps),
        BatchSize = parsed.GetValue(_batch), Accumulate = parsed.GetValue(_accumulate), Context = parsed.GetValue(_context), LearningRate = parsed.GetValue(_rate), Warmup = parsed.GetValue(_warmup),
        HeldOut = parsed.GetValue(_heldOut), Replay = parsed.GetValue(_replay), MaxForgetting = parsed.GetValue(_bound), Recompute = parsed.GetValue(_recompute), Seed = parsed.GetValue(_seed),
        Device = parsed.GetValue(_device)!, Threads = parsed.GetValue(_threads),
        Precision = parsed.GetValue(_precision) switch { "bf16" => TrainingPrecision.BFloat16, "fp16" => TrainingPrecision.Float16, _ => TrainingPrecision.Float32 },
    });

    private static void Print(FineTuneReport report, string output)
    {
        static string Number(double value) => value.ToString("F3", CultureInfo.InvariantCulture);
        var result = report.Result;
        var rows = new List<string[]> { new[] { "new", Number(result.NewBefore.Value), Number(result.NewAfter.Value), Change(-result.Gain), $"{result.NewAfter.Tokens}" } };
        if (result is { OldBefore: { } before, OldAfter: { } after, Forgetting: { } forgotten })
            rows.Add(["old", Number(before.Value), Number(after.Value), Change(forgotten), $"{after.Tokens}"]);
        TextTable.Write(["held-out text", "perplexity before", "after", "change", "tokens"], rows, "");
        if (report.Novelty is { } novelty)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{100 * novelty.OutOfVocabularyRate:F1} % of the new text's words are not in the old; tokens a word {novelty.KnownTokensPerWord:F2} -> {novelty.NewTokensPerWord:F2}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Trained {result.TrainedParameters:N0} of {result.Parameters:N0} weights in {result.Training.Steps} steps on {result.Training.Device}. {(report.IsAdapter ? "Adapter (PEFT)" : "Model")} in {output}."));
    }

    private static string Change(double share) => (100 * share).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture) + " %";

    private static Option<double> Share(string name, string description, double value) =>
        new(name) { Description = description, HelpName = "SHARE", DefaultValueFactory = _ => value, CustomParser = result => ShareOf(result) ?? value };

    // "10%" and "0.1" are the same.
    private static double? ShareOf(System.CommandLine.Parsing.ArgumentResult result)
    {
        string text = result.Tokens[0].Value.Trim();
        bool isPercent = text.EndsWith('%');
        if (double.TryParse(text.TrimEnd('%').TrimEnd(), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= 0)
            return isPercent ? value / 100 : value;
        result.AddError($"'{text}' is no share. Give a number such as 0.1 or 10%.");
        return null;
    }
}
