using System.ComponentModel.DataAnnotations;

namespace Workbench.Host.Activities;

/// <summary>Which version is measured, and what it must reach.</summary>
[Activity(Evaluate.Type, DisplayName = "Evaluate model", Category = "Models", Outcomes = ["Reached", "Missed"],
    Description = "Measures a version on the rows that it keeps as its holdout, with 95 % intervals, and says whether a metric reaches a value.")]
[Output("value", "Double", "The metric's value, a share from 0 to 1; null when the rows do not define it.")]
[Output("report", "Object", "All metrics with their intervals.")]
internal sealed record EvaluateOptions
{
    [Input("Name of the model.")]
    public required string ModelName { get; init; }
    [Input("Version to measure, as a number or as a notebook step hands it on.", TypeName = "Object", Editor = Editors.SingleLine)]
    public required int Candidate { get; init; }
    [Input("Metric that decides.")]
    public EvaluationMetric Metric { get; init; } = EvaluationMetric.Accuracy;
    [Input("Value from 0 to 1 that counts as reached."), Range(0.0, 1.0)]
    public double AtLeast { get; init; }
    [Input("Compare the lower end of the 95 % interval instead of the value.")]
    public bool BeyondChance { get; init; }
    [Input("Probability from which a row is predicted 1."), Range(0.0, 1.0)]
    public double Threshold { get; init; } = 0.5;
}
