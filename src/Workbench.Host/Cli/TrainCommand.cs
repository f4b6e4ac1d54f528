using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Distributed;
using Workbench.Host.Activities;
using Workbench.Host.Jobs;
using Workbench.Registry;
using Workbench.Training;

namespace Workbench.Host.Cli;

/// <summary><c>workbench train DATA --label COLUMN</c>: what the activity TrainModel does, from the command line.</summary>
internal sealed class TrainCommand
{
    private readonly Argument<string> _table = new("data") { Description = "Parquet or CSV: file, glob or folder." };
    private readonly Option<string> _label = new("--label") { Description = "Column to predict: 0 and 1, classes, or numbers.", Required = true, HelpName = "COLUMN" };
    private readonly Option<string?> _model = new("--model") { Description = "Name of the model that is registered. Default: the file's name, and the label's.", HelpName = "NAME" };
    private readonly Option<ModelFamily?> _architecture = new("--architecture") { Description = "Family of the model. Default TabularNetwork." };
    private readonly Option<string[]> _features = Columns("--feature", "Column to predict from; several times. Default: all numbers, booleans and texts.");
    private readonly Option<string[]> _leaveOut = Columns("--leave-out", "Column that is no feature; several times.");
    private readonly Option<string?> _id = new("--id-column") { Description = "Column that decides on which side of a split a row is.", HelpName = "COLUMN" };
    private readonly Option<string?> _where = new("--where") { Description = "SQL condition that a row must meet.", HelpName = "SQL" };
    private readonly Option<int?> _epochs = new("--epochs") { Description = "Most passes over the training rows. Default 30.", HelpName = "N" };
    private readonly Option<int?> _batch = new("--batch") { Description = "Rows a step. Default 256.", HelpName = "N" };
    private readonly Option<double?> _rate = new("--lr") { Description = "Step size. Default 0.002.", HelpName = "RATE" };
    private readonly Option<int?> _seed = new("--seed") { Description = "Seed of weights, order and dropout. Default 42.", HelpName = "N" };
    private readonly Option<string?> _device = new("--device") { Description = "cpu, cuda:N or auto. Default cpu.", HelpName = "DEVICE" };
    private readonly Option<string[]> _settings = new("-p", ["--set"])
    { Description = "Any other input of the activity Workbench.TrainModel: its name and value, such as -p patience 8 or -p hiddenSizes [128,64].", HelpName = "NAME VALUE", Arity = new ArgumentArity(2, 2), AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
    private readonly Option<string?> _experiment = new("--experiment") { Description = "Experiment of the run. Default: the model's name.", HelpName = "NAME" };
    private readonly Option<string?> _expectations = ExpectationsOption.Create();
    private readonly Option<string?> _timeline = OutputFile.Option("--timeline", "Write what each rank did when to this file, for ui.perfetto.dev or chrome://tracing; the run keeps an excerpt.");
    private readonly ScalingCommandOptions _scaling = new();
    private readonly JobCommandOptions _job = new();
    private readonly Option<string?> _data = DataOption.Create();

    public static Command Create()
    {
        var train = new TrainCommand();
        var command = new Command("train", "Train a tabular model, measure it on rows that it never saw, and register it.")
        {
            train._table, train._label, train._model, train._architecture, train._features, train._leaveOut, train._id, train._where, train._epochs, train._batch, train._rate, train._seed,
            train._device, train._settings, train._experiment, train._expectations, train._timeline, train._data,
        };
        foreach (var option in train._job.All.Concat(train._scaling.All))
            command.Add(option);
        command.Validators.Add(result =>
        {
            foreach (var error in train._scaling.FindErrors(result, result.GetResult("--nproc") is OptionResult { Implicit: false }, result.GetResult(train._timeline) is { Implicit: false }))
                result.AddError(error);
        });
        command.SetAction(train.StartAsync);
        return command;
    }

    private async Task<int> StartAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var source = parsed.GetValue(_table)!; // required
        Task<bool> AllowsAsync()
        {
            OutputFile.Require(parsed, _timeline);
            return Task.Run(() => ExpectationsOption.Allows(parsed.GetValue(_expectations), source, cancellationToken), cancellationToken);
        }
        if (_scaling.IsAsked(parsed))
        {
            TrainingOf(parsed, Options(parsed));
            return await AllowsAsync() ? await _scaling.RunAsync(parsed, parsed.Folder(_data).Path, cancellationToken) : ExitCode.GateSaidNo;
        }
        return await _job.RunAsync(parsed, new()
        {
            Inputs = [source], Folder = () => parsed.Folder(_data), Gate = AllowsAsync, Check = processes => Check(parsed, processes), Work = ExecuteAsync,
            Failed = (key, failure) => TrainingRun.EndJobAsync(ModelRegistry.Open(parsed.Folder(_data)), key, failure),
        }, cancellationToken);
    }

    private async Task<int> ExecuteAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = Options(parsed);
        var training = TrainingOf(parsed, options);
        bool isMeasured = ScalingCommandOptions.Trace is not null, tells = RankJob.IsFirst && !isMeasured; // the others compute, and say and keep nothing
        var job = new TabularJob(options, isMeasured ? _scaling.Measured(parsed, training, Collective.Current.Size) : training, tells ? Console.Out : TextWriter.Null);
        if (tells)
            await TrainAsync(job, options, ModelRegistry.Open(parsed.Folder(_data)), cancellationToken);
        else
        {
            if (!isMeasured)
                TrainingRun.WaitForFirst();
            (await Task.Run(() => job.Fit(cancellationToken), CancellationToken.None)).Dispose();
        }
        return ExitCode.Done;
    }

    private TabularTrainingOptions TrainingOf(ParseResult parsed, TrainModelOptions options)
    {
        var timeline = parsed.GetValue(_timeline);
        if (options.Family is ModelFamily.LightGbm or ModelFamily.FastTree && (timeline is not null || ScalingCommandOptions.Trace is not null || _scaling.IsAsked(parsed)))
            throw new CommandException($"The family {options.Family} has no steps that --timeline or --scaling could show. Leave them out, or take a network.");
        return TrainModel.TrainingOf(options) with
        {
            Timeline = timeline is null ? null : new() { Path = Path.GetFullPath(timeline) },
            Checkpoints = RankJob.Checkpoints is { } folder ? new() { Folder = folder } : null,
        };
    }

    private void Check(ParseResult parsed, int processes)
    {
        var options = Options(parsed);
        TrainingOf(parsed, options);
        if (processes > 1 && TrainModel.Problem(options.Family, $"--nproc or --hosts ask for {processes}. Leave them out") is { } problem)
            throw new CommandException(problem);
    }

    private TrainModelOptions Options(ParseResult parsed)
    {
        var inputs = Inputs(parsed);
        foreach (var (name, option) in new[] { ("processes", "--nproc"), ("hosts", "--hosts"), ("maxRestarts", "--max-restarts"), ("stallTimeout", "--stall-timeout") })
            if (inputs.ContainsKey(name))
                throw new CommandException($"-p {name} is for steps of pipelines. Give {option} to the command.");
        var options = ActivityOptions.Read<TrainModelOptions>(inputs);
        ModelRegistry.CheckName(options.ModelName);
        return options;
    }

    private static async Task TrainAsync(TabularJob job, TrainModelOptions options, ModelRegistry registry, CancellationToken cancellationToken)
    {
        var experiment = options.Experiment ?? options.ModelName;
        await registry.GetOrCreateExperimentAsync(experiment, cancellationToken);
        var run = await TrainingRun.StartAsync(registry, experiment, $"train {options.ModelName}", new Dictionary<string, string> { ["workbench.reason"] = "workbench train" }, job.Parameters, cancellationToken);
        var (version, message) = await run.EndWithAsync(async () =>
        {
            // The trainer works and calls back on a thread of its own.
            using var trained = await Task.Run(() => job.Fit(cancellationToken), CancellationToken.None);
            return await job.RegisterAsync(registry, run.Id, trained, RankJob.Key, "Trained from the command line.", cancellationToken);
        });
        TextTable.Write(["figure", "value"], version.Metrics.OrderBy(metric => metric.Key, StringComparer.Ordinal).Select(metric => new[] { metric.Key, metric.Value.ToString("G6", CultureInfo.InvariantCulture) }), "");
        Console.WriteLine(message);
        Console.WriteLine($"Registered as {version.Name} v{version.Version}, run {run.Id.Value}.");
    }

    private JsonObject Inputs(ParseResult parsed)
    {
        var known = ActivityOptions.Describe<TrainModelOptions>().Inputs.Select(input => input.Name).ToList();
        var inputs = new JsonObject();
        foreach (var (name, value) in NameValues.Parse(parsed.GetValue(_settings)!)) // has a default
            inputs[known.Find(input => input.Equals(name, StringComparison.OrdinalIgnoreCase))
                ?? throw new CommandException($"-p names '{name}', which is no setting of a training.{Suggestion.DidYouMean(name, known)} Known: {string.Join(", ", known)}.")] = value?.DeepClone();
        var (source, label) = (parsed.GetValue(_table)!, parsed.GetValue(_label)!); // both required
        var given = new (string Name, JsonNode? Value)[]
        {
            ("data", ProjectFolder.Relative(source)), ("label", label), ("modelName", parsed.GetValue(_model) ?? DefaultName(source, label)), ("family", parsed.GetValue(_architecture)?.ToString()),
            ("features", List(parsed.GetValue(_features))), ("leaveOut", List(parsed.GetValue(_leaveOut))), ("idColumn", parsed.GetValue(_id)), ("where", parsed.GetValue(_where)),
            ("epochs", parsed.GetValue(_epochs)), ("batchSize", parsed.GetValue(_batch)), ("learningRate", parsed.GetValue(_rate)), ("seed", parsed.GetValue(_seed)),
            ("device", parsed.GetValue(_device)), ("experiment", parsed.GetValue(_experiment)),
        };
        foreach (var (name, value) in given.Where(input => input.Value is not null))
            inputs[name] = value;
        return inputs;
    }

    private static JsonArray? List(string[]? names) => names is { Length: > 0 } ? [.. names.Select(name => JsonValue.Create(name))] : null;

    // What a file and a column are called may hold letters that a model's name may not.
    private static string DefaultName(string source, string label) =>
        string.Concat($"{Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(source))}-{label}".Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' ? letter : '-')).TrimStart('.');

    private static Option<string[]> Columns(string name, string description) => new(name) { Description = description, HelpName = "COLUMN", DefaultValueFactory = _ => [] };
}
