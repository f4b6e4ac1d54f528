using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Training.Tuning;

namespace Workbench.Host.Activities.Tuning;

/// <summary>What a user or a step asks for, before the study is begun.</summary>
internal sealed record TunePlan
{
    /// <summary>Table (Parquet or CSV: file, glob or folder) or notebook, relative to the project.</summary>
    public required string Source { get; init; }
    /// <summary>Name of the study.</summary>
    public required string Study { get; init; }
    /// <summary>What is searched for; null: what suits a table's label.</summary>
    public string? Metric { get; init; }
    /// <summary>Which values are better; null: by the metric's name.</summary>
    public StudyDirection? Direction { get; init; }
    /// <summary>What is searched; null: the default of a table.</summary>
    public SearchSpace? Space { get; init; }
    /// <summary>What is the same in every trial.</summary>
    public JsonObject Inputs { get; init; } = [];
    /// <summary>Experiment of the trials' runs; null: the study's name.</summary>
    public string? Experiment { get; init; }
    public SamplerKind Sampler { get; init; } = SamplerKind.Tpe;
    public PrunerKind Pruner { get; init; } = PrunerKind.None;
    public int Seed { get; init; } = 42;

    public static bool IsNotebook(string source) => Path.GetExtension(source).ToLowerInvariant() is ".ipynb" or ".dib";

    /// <summary>Opens the study, which is begun when there is none of the name, after all that can be checked is.</summary>
    /// <exception cref="TuningException">The metric, the space or a parameter is not as needed, or a study of the name goes by other settings.</exception>
    /// <exception cref="DataException">The table or notebook cannot be read.</exception>
    public async Task<Study> OpenAsync(DataFolder folder, CancellationToken cancellationToken)
    {
        var options = IsNotebook(Source) ? OfNotebook() : OfTable();
        if (options.Validate() is { Count: > 0 } errors)
            throw new TuningException($"The study cannot be begun. {string.Join(" ", errors)}");
        return await Training.Tuning.Study.OpenAsync(folder, options, cancellationToken);
    }

    private StudyOptions OfTable()
    {
        var inputs = Inputs.DeepClone().AsObject();
        inputs["data"] = Source;
        var space = Space ?? TableSpace.Default;
        var task = Task(TuneKind.Table, Metric ?? TableMetrics.Reported, inputs);
        TableSpace.Check(space, task);
        var (options, _) = TableTrials.OptionsOf(task.With(space.Middle()));
        var predicted = TrainingTable.Read(options, Path.GetFullPath(options.Data, ProjectFolder.Current)).Fitting.Schema.TaskOrBinary;
        string metric = Metric ?? TableMetrics.DefaultOf(predicted);
        var direction = TableMetrics.DirectionOf(metric, predicted);
        if (Direction is { } wanted && wanted != direction)
            throw new TuningException($"The direction {wanted} does not suit the metric '{metric}', of which {(wanted == StudyDirection.Minimise ? "higher" : "lower")} is better. Leave --direction out.");
        long epochs = LongestTraining(space, options);
        return Options(task with { Metric = metric }, space) with
        {
            Direction = direction, StepDirection = metric == TableMetrics.Reported ? null : StudyDirection.Minimise,
            // The loss after the first epoch or two says little: three rungs, of which the first lies at a ninth.
            MinSteps = Math.Max(1, epochs / 9), MaxSteps = epochs, FirstTrials = TableSpace.FirstTrials(space),
        };
    }

    private StudyOptions OfNotebook()
    {
        if (Space is null)
            throw new TuningException("A notebook needs a search space: name a file with --space that says which parameters may take which values.");
        if (Pruner != PrunerKind.None)
            throw new TuningException($"The pruner {Pruner} needs values on the way, and a notebook shows its figures at the end. Leave --pruner out.");
        if (Metric is null)
            throw new TuningException("A notebook needs the name of the figure that is searched for: --metric NAME, as Display.Figures shows it.");
        var task = Task(TuneKind.Notebook, Metric, Inputs);
        using var folder = new ScratchFolder();
        NotebookTrials.Prepare(task, task.With(Space.Middle()), Path.Combine(folder.Path, "check.ipynb"));
        return Options(task, Space) with { Direction = Direction ?? GuessedDirection(Metric) };
    }

    private TuneTask Task(TuneKind kind, string metric, JsonObject inputs) => new() { Kind = kind, Source = Source, Metric = metric, Experiment = Experiment ?? Study, Inputs = inputs };

    private StudyOptions Options(TuneTask task, SearchSpace space) =>
        new() { Name = Study, Space = space, Sampler = Sampler, Pruner = Pruner, Seed = Seed, Task = task.ToJson() };

    // The epochs of a trial that goes to its end.
    private static long LongestTraining(SearchSpace space, TrainModelOptions options) =>
        space.Parameters.FirstOrDefault(parameter => parameter.Name.Equals("epochs", StringComparison.OrdinalIgnoreCase)) switch
        {
            null => options.Epochs,
            { Kind: SearchParameterKind.Categorical } listed => listed.Choices.Max(choice => long.Parse(choice!.ToString(), CultureInfo.InvariantCulture)), // checked above
            var range => (long)range.High,
        };

    /// <summary>Lower is better of what is called a loss or an error.</summary>
    public static StudyDirection GuessedDirection(string metric)
    {
        string[] lower = ["loss", "error", "mae", "mse", "rmse", "mape", "perplexity", "brier", "nll", "latency", "seconds"];
        return lower.Any(word => metric.Contains(word, StringComparison.OrdinalIgnoreCase)) ? StudyDirection.Minimise : StudyDirection.Maximise;
    }
}
