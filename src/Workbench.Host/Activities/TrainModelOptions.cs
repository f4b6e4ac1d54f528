using System.ComponentModel.DataAnnotations;
using Workbench.Features;
using Workbench.Workflows.Validation;

namespace Workbench.Host.Activities;

/// <summary>What is trained, on which rows, and how.</summary>
[Activity(TrainModel.Type, DisplayName = "Train model", Category = "Models", Kind = ActivityKind.Job, PlacesInput = nameof(Processes),
    Description = "Trains a model of two classes, several classes or numbers on a table, exports it to ONNX with its preprocessing, checks that against the trained one, logs a run and registers a version with its holdout and training rows. A step registers one version, however often it is tried.")]
[Output("version", "Int32", "The new version.")]
[Output("runId", "String", "Id of the run in the registry.")]
[Output("metrics", "Object", "What the version was measured at on the holdout, by name.")]
internal sealed record TrainModelOptions : IStepJobOptions
{
    [Input("Name of the model.")]
    public required string ModelName { get; init; }
    [Input("Parquet or CSV: file, glob or folder, relative to the project.")]
    public required string Data { get; init; }
    [Input("File of expectations that the data must keep, relative to the project; the step fails with what is wrong and trains nothing. Empty: none.")]
    public string? Expectations { get; init; }
    [Input("Column to predict: 0 and 1 or true and false, classes, or numbers.")]
    public required string Label { get; init; }
    [Input("What the label is; empty: 0 and 1 are binary, texts and few whole numbers multiclass, other numbers regression.")]
    public PredictionTask? Task { get; init; }
    [Input("The label's value that counts as 1 when it has two others than 0 and 1; empty: none.")]
    public string? Positive { get; init; }
    [Input("Family of the model.")]
    public ModelFamily Family { get; init; } = ModelFamily.TabularNetwork;
    [Input("Columns to predict from; empty: all numbers, booleans and texts but the label, the id and those left out.")]
    public IReadOnlyList<string> Features { get; init; } = [];
    [Input("Columns that are no features when all are taken.")]
    public IReadOnlyList<string> LeaveOut { get; init; } = [];
    [Input("Column that decides on which side of a split a row is, so that one id is never on both; empty: the row's position.", DisplayName = "Id column")]
    public string? IdColumn { get; init; }
    [Input("SQL condition that a row must meet, such as label_at < TIMESTAMP '2025-01-01'; empty: all rows.", Editor = Editors.Code, Language = "sql")]
    public string? Where { get; init; }
    [Input("Share of ids that the model is judged on and never sees."), Range(0.01, 0.9)]
    public double Holdout { get; init; } = 0.2;
    [Input("Share of the other ids that say when to stop."), Range(0.01, 0.9)]
    public double Validation { get; init; } = 0.15;
    [Input("Most passes over the training rows."), Range(1, 10_000)]
    public int Epochs { get; init; } = 30;
    [Input("Passes without a better validation loss after which training stops."), Range(1, 10_000)]
    public int Patience { get; init; } = 5;
    [Input("Rows a step."), Range(1, 1_000_000)]
    public int BatchSize { get; init; } = 256;
    [Input("Step size of AdamW."), Range(1e-9, 1.0)]
    public double LearningRate { get; init; } = 2e-3;
    [Input("Decoupled weight decay of AdamW."), Range(0.0, 1.0)]
    public double WeightDecay { get; init; } = 0.01;
    [Input("Share of hidden units dropped in training."), Range(0.0, 0.99)]
    public double Dropout { get; init; } = 0.1;
    [Input("Widths of the hidden layers of a tabular network, input side first.")]
    public IReadOnlyList<string> HiddenSizes { get; init; } = ["64", "32"];
    [Input("Width of a residual network or transformer."), Range(1, 4_096)]
    public int Width { get; init; } = 64;
    [Input("Blocks of a residual network or transformer."), Range(1, 32)]
    public int Blocks { get; init; } = 2;
    [Input("Attention heads of a transformer, a divisor of its width."), Range(1, 64)]
    public int Heads { get; init; } = 4;
    [Input("Rounds of boosting; those after the lowest validation loss are cut off."), Range(1, 10_000)]
    public int Rounds { get; init; } = 300;
    [Input("Most leaves a tree."), Range(2, 4_096)]
    public int Leaves { get; init; } = 31;
    [Input("Share of each tree that counts."), Range(1e-9, 1.0)]
    public double TreeLearningRate { get; init; } = 0.05;
    [Input("Fewest training rows a leaf."), Range(1, 1_000_000)]
    public int MinimumLeafRows { get; init; } = 20;
    [Input("Count the classes the same in sum, whatever their number of rows.")]
    public bool BalanceClasses { get; init; }
    [Input("What stands for a missing number.")]
    public MissingNumbers MissingNumbers { get; init; } = MissingNumbers.Mean;
    [Input("Give a column that misses numbers a second input that says whether it does.")]
    public bool MissingIndicators { get; init; }
    [Input("Training rows that a category needs; rarer ones share the bucket of the unseen."), Range(1, int.MaxValue)]
    public int MinimumCategoryRows { get; init; } = 1;
    [Input("Seed of weights, order and dropout."), Range(0, int.MaxValue)]
    public int Seed { get; init; } = 42;
    [Input("cpu, cuda:N, or auto for the first GPU where there is one.")]
    public string Device { get; init; } = "cpu";
    [Input("Experiment of the run; empty: the model's name.")]
    public string? Experiment { get; init; }
    [Input("Processes that train together, each on its part of a batch, over Open MPI (openmpi-bin). The step takes as many places of its node."), Range(1, StepJob.MostProcesses)]
    public int Processes { get; init; } = 1;
    [Input("Hosts and how many of the processes each takes, such as a:2,b:2, with the same paths and ssh without a password; empty: all on the step's own. With one process: as many as the hosts take.")]
    public string? Hosts { get; init; }
    [Input("How often processes of which one was lost are started anew, from the last checkpoint."), Range(0, StepJob.MostRestarts)]
    public int MaxRestarts { get; init; } = 3;
    [Input("Time without a step of any process after which all are started anew; longer than the longest evaluation.")]
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromMinutes(5);
}
