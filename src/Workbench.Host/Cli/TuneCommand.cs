using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Host.Activities.Tuning;
using Workbench.Notebooks.Parameters;
using Workbench.Registry;
using Workbench.Training.Tuning;

namespace Workbench.Host.Cli;

/// <summary>Searches for the best parameters of a tabular model or a notebook.</summary>
internal sealed class TuneCommand
{
    private readonly Argument<string?> _source = new("data") { Description = "Parquet or CSV (file, glob or folder), or a notebook with parameters.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _label = new("--label") { Description = "Column to predict, of 0 and 1 or true and false. Needed for a table.", HelpName = "COLUMN" };
    private readonly Option<string?> _study = new("--study") { Description = "Name of the study; the same command goes on with it. Default: the file's name, and the label's.", HelpName = "NAME" };
    private readonly Option<string?> _metric = new("--metric") { Description = "What is searched for: a metric of the validation rows, such as roc_auc (the default of two classes), accuracy (of several), rmse (of numbers) or validation_loss, or a figure that the notebook shows.", HelpName = "NAME" };
    private readonly Option<StudyDirection?> _direction = new("--direction") { Description = "Which values of a notebook's figure are better. Default: minimise of a loss or an error, maximise of anything else." };
    private readonly Option<int> _trials = Number("--trials", 40, 1, 1_000_000, "Trials of the whole study, those that are there already among them.");
    private readonly Option<int> _workers = Number("--workers", 1, 1, 256, "Trials at the same time, each in a process of its own; --nproc is the same.");
    private readonly Option<string?> _hosts = new("--hosts") { Description = "Refused: the same command on each host, with one --db, shares the study's trials.", HelpName = "HOSTS", Hidden = true };
    private readonly Option<SamplerKind> _sampler = new("--sampler") { Description = "How parameters are chosen.", DefaultValueFactory = _ => SamplerKind.Tpe };
    private readonly Option<PrunerKind> _pruner = new("--pruner") { Description = "Which trials stop early, by their validation loss after each epoch. Tables only.", DefaultValueFactory = _ => PrunerKind.None };
    private readonly Option<string?> _space = new("--space") { Description = "YAML or JSON file of the search space, such as 'learningRate: {type: float, low: 1e-4, high: 0.1, log: true}'. Default: a network's step size, regularisation, batch and widths.", HelpName = "FILE" };
    private readonly Option<string?> _id = new("--id-column") { Description = "Column that decides on which side of a split a row is.", HelpName = "COLUMN" };
    private readonly Option<string[]> _leaveOut = new("--leave-out") { Description = "Column that is no feature; may be given more than once.", HelpName = "COLUMN" };
    private readonly Option<string?> _where = new("--where") { Description = "SQL condition that a row must meet.", HelpName = "SQL" };
    private readonly Option<int?> _epochs = new("--epochs") { Description = "Most passes over the training rows; default 30.", HelpName = "N" };
    private readonly NotebookParameterOptions _fixed = new();
    private readonly Option<int> _seed = Number("--seed", 42, 0, int.MaxValue, "Seed of the search.");
    private readonly Option<string?> _experiment = new("--experiment") { Description = "Experiment of the trials' runs. Default: the study's name.", HelpName = "NAME" };
    private readonly Option<TimeSpan?> _timeout = DurationText.Option("--timeout", [], "Longest time for all; the study can be gone on with.");
    private readonly Option<string?> _html = new("--html") { Description = "Write a report with charts to this file.", HelpName = "FILE" };
    private readonly Option<string?> _expectations = ExpectationsOption.Create();
    private readonly Option<string?> _data = DataOption.Create();

    public static Command Create()
    {
        var tune = new TuneCommand();
        var command = new Command("tune", "Search for the best parameters of a tabular model or a notebook.")
        {
            tune._source, tune._label, tune._study, tune._metric, tune._direction, tune._trials, tune._workers, tune._hosts, tune._sampler, tune._pruner, tune._space, tune._id, tune._leaveOut, tune._where,
            tune._epochs, tune._seed, tune._experiment, tune._timeout, tune._html, tune._expectations, tune._data, TuneStudyCommands.List(), TuneStudyCommands.Show(), TuneStudyCommands.Train(), TuneStudyCommands.Work(),
        };
        foreach (var option in tune._fixed.All)
            command.Add(option);
        tune._workers.Aliases.Add("--nproc");
        command.Validators.Add(result =>
        {
            if (result.GetValue(tune._hosts) is not null)
                result.AddError("--hosts is not for tune: trials need no launcher. Give the same command on each host, with the same data and one database that all reach (--db, or WORKBENCH_DB): they take trials of one study.");
            if (result.GetValue(tune._source) is not { Length: > 0 } source)
                result.AddError("Name what is tuned: workbench tune DATA --label COLUMN, or workbench tune NOTEBOOK.ipynb --metric FIGURE --space FILE.");
            else if (TunePlan.IsNotebook(source) && (result.GetValue(tune._metric) is null || result.GetValue(tune._space) is null))
                result.AddError("A notebook needs --metric, the figure that it shows, and --space, a file of the search space.");
            else if (!TunePlan.IsNotebook(source) && result.GetValue(tune._label) is null)
                result.AddError("A table needs --label, the column to predict.");
            else if (TunePlan.IsNotebook(source) && result.GetValue(tune._expectations) is not null)
                result.AddError("--expectations is for tables: a notebook checks its own data, with DataExpectations.Load(FILE).Require(DATA).");
        });
        command.SetAction(tune.ExecuteAsync);
        return command;
    }

    /// <summary>A whole number within bounds; another is wrong use.</summary>
    public static Option<int> Number(string name, int standard, int least, int most, string description)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !(int.TryParse(result.Tokens[0].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most))
                result.AddError($"{name} '{result.Tokens[0].Value}' is not allowed. Give a whole number from {least} to {most}.");
        });
        return option;
    }

    private async Task<int> ExecuteAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (!await Task.Run(() => ExpectationsOption.Allows(parsed.GetValue(_expectations), parsed.GetValue(_source)!, cancellationToken), cancellationToken)) // the validator has seen it
            return ExitCode.GateSaidNo;
        var folder = parsed.Folder(_data);
        ModelRegistry.Open(folder);
        var study = await Plan(parsed).OpenAsync(folder, cancellationToken);
        var (metric, trials) = (TuneTask.Of(study).Metric, parsed.GetValue(_trials));
        Console.WriteLine($"Study {study.Options.Name}: {trials} trials, {(study.Options.Direction == StudyDirection.Minimise ? "the lowest" : "the highest")} {metric}, {study.Options.Sampler}, pruner {study.Options.Pruner}");
        try
        {
            if (!await new TuneSession(folder, study, metric, Console.Out).RunAsync(trials, parsed.GetValue(_workers), parsed.GetValue(_timeout), cancellationToken))
                Console.WriteLine("The time is over; the same command goes on.");
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine("Stopped; the same command goes on.");
            await TuneOutput.PrintAsync(study, parsed.GetValue(_html), CancellationToken.None);
            throw;
        }
        return await TuneOutput.PrintAsync(study, parsed.GetValue(_html), cancellationToken) ? ExitCode.Done : ExitCode.Failed;
    }

    private TunePlan Plan(ParseResult parsed)
    {
        var source = parsed.GetValue(_source)!;
        var label = parsed.GetValue(_label);
        var stem = Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(source));
        return new()
        {
            Source = ProjectFolder.Relative(source), Study = parsed.GetValue(_study) ?? (label is null ? stem : $"{stem}-{label}"), Metric = parsed.GetValue(_metric),
            Direction = parsed.GetValue(_direction), Space = parsed.GetValue(_space) is { } file ? SearchSpace.Read(ParameterFile.Load(file)) : null,
            Inputs = Inputs(parsed), Experiment = parsed.GetValue(_experiment), Sampler = parsed.GetValue(_sampler), Pruner = parsed.GetValue(_pruner), Seed = parsed.GetValue(_seed),
        };
    }

    private JsonObject Inputs(ParseResult parsed)
    {
        var (values, texts) = _fixed.Read(parsed);
        var inputs = new JsonObject(values.Concat(NameValues.Parse([.. texts.SelectMany(pair => new[] { pair.Key, pair.Value })]))
            .Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));
        foreach (var (name, value) in ((string, JsonNode?)[])[("label", parsed.GetValue(_label)), ("idColumn", parsed.GetValue(_id)), ("where", parsed.GetValue(_where)), ("epochs", parsed.GetValue(_epochs))])
            if (value is not null)
                inputs[name] = value;
        if (parsed.GetValue(_leaveOut) is { Length: > 0 } columns)
            inputs["leaveOut"] = new JsonArray([.. columns.Select(column => JsonValue.Create(column))]);
        return inputs;
    }
}
