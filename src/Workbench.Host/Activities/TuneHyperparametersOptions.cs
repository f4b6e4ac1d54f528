using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Workbench.Training.Tuning;
using Workbench.Workflows.Validation;

namespace Workbench.Host.Activities;

/// <summary>What is tuned, on which rows, and how.</summary>
[Activity(TuneHyperparameters.Type, DisplayName = "Tune hyperparameters", Category = "Models", Kind = ActivityKind.Job, PlacesInput = nameof(Workers),
    Description = "Searches for the best parameters of a tabular model, or of a notebook: trials in parallel processes, each a run in the registry, bad ones stopped early. A step that is tried again goes on with its study. TrainModel takes what was found, as in getOutputFrom(\"tune\", \"bestParameters\").learningRate.")]
[Output("bestParameters", "Object", "The parameters of the best trial, by name.")]
[Output("bestValue", "Double", "The metric of the best trial.")]
[Output("trials", "Int32", "Trials of the study, failed ones among them.")]
[Output("study", "String", "Name of the study.")]
internal sealed record TuneHyperparametersOptions
{
    [Input("Parquet or CSV: file, glob or folder, or a notebook; relative to the project.")]
    public required string Data { get; init; }
    [Input("Column to predict, of 0 and 1 or true and false; needed for a table.")]
    public string? Label { get; init; }
    [Input("What is searched for: a metric of the validation rows, such as roc_auc, accuracy, f1_macro, rmse or validation_loss, or a figure that the notebook shows; empty: roc_auc of two classes, accuracy of several, rmse of numbers.")]
    public string? Metric { get; init; }
    [Input("Which values of a notebook's figure are better; empty: by its name.")]
    public StudyDirection? Direction { get; init; }
    [Input("What is searched, by name: {\"type\": \"float\" or \"int\", \"low\", \"high\", \"log\", \"step\"}, a list of choices, or one value; empty: a network's step size, regularisation, batch and widths.")]
    public JsonObject Space { get; init; } = [];
    [Input("Inputs of TrainModel, or parameters of the notebook, that are the same in every trial, by name.")]
    public JsonObject Settings { get; init; } = [];
    [Input("Column that decides on which side of a split a row is; empty: the row's position.", DisplayName = "Id column")]
    public string? IdColumn { get; init; }
    [Input("Columns that are no features.")]
    public IReadOnlyList<string> LeaveOut { get; init; } = [];
    [Input("SQL condition that a row must meet; empty: all rows.", Editor = Editors.Code, Language = "sql")]
    public string? Where { get; init; }
    [Input("Trials of the study."), Range(1, 100_000)]
    public int Trials { get; init; } = 40;
    [Input("Trials at the same time, each in a process of its own."), Range(1, 256)]
    public int Workers { get; init; } = 1;
    [Input("How parameters are chosen.")]
    public SamplerKind Sampler { get; init; } = SamplerKind.Tpe;
    [Input("Which trials stop early, by their validation loss; tables only.")]
    public PrunerKind Pruner { get; init; } = PrunerKind.None;
    [Input("Seed of the search."), Range(0, int.MaxValue)]
    public int Seed { get; init; } = 42;
    [Input("Longest time; the best trial until then counts. Empty: no limit.")]
    public TimeSpan? Timeout { get; init; }
    [Input("Name of the study, which goes on where it stopped when there is one; empty: one of the step's own.")]
    public string? Study { get; init; }
    [Input("Experiment of the trials' runs; empty: the study's name.")]
    public string? Experiment { get; init; }
}
