using System.ComponentModel.DataAnnotations;

namespace Workbench.Host.Activities;

/// <summary>What a candidate must show before it may replace the champion.</summary>
[Activity(CompareWithChampion.Type, DisplayName = "Compare with champion", Category = "Models", Outcomes = ["Passed", "Refused"],
    Description = "Compares a candidate with the champion on the candidate's holdout; passes when the whole 95 % interval of the difference in the metric lies above the required improvement and every other rule that is set holds.")]
[Output("reason", "String", "Why the gate said what it said.")]
[Output("decision", "Object", "The decision with its figures; its outcome tells a refusal from one for want of rows.")]
internal sealed record CompareWithChampionOptions
{
    [Input("Name of the model.")]
    public required string ModelName { get; init; }
    [Input("Version to judge, the variable that a notebook step filled, or a number.", TypeName = "Object", Editor = Editors.Variable)]
    public required int Candidate { get; init; }
    [Input("Fewest labelled rows on which a difference counts."), Range(1, int.MaxValue)]
    public int MinimumRows { get; init; } = 200;
    [Input("Improvement of the metric that the interval must exceed, in its unit; for accuracy -1 to 1.")]
    public double MinimumImprovement { get; init; }
    [Input("Metric that decides, such as roc_auc; empty: accuracy.")]
    public string? Metric { get; init; }
    [Input("Improvement as a share of the champion's value that the interval must exceed as well, such as 0.01; empty: none."), Range(-1.0, 100.0)]
    public double? MinimumRelativeImprovement { get; init; }
    [Input("Values that the candidate itself must reach, such as roc_auc>=0.8 or log_loss<=0.4.")]
    public IReadOnlyList<string> Thresholds { get; init; } = [];
    [Input("Columns none of whose slices may fall below the champion beyond chance.")]
    public IReadOnlyList<string> Slices { get; init; } = [];
    [Input("Slices with fewer rows are not judged."), Range(1, int.MaxValue)]
    public int MinimumSliceRows { get; init; } = 50;
    [Input("How much of the metric, in its unit, a slice may lose."), Range(0.0, 1e9)]
    public double SliceTolerance { get; init; }
    [Input("Longest median time of an answer for one row, in milliseconds; empty: no limit."), Range(0.001, 600_000.0)]
    public double? LatencyLimitMs { get; init; }
    [Input("Largest size of the ONNX file in kilobytes; empty: no limit."), Range(1, int.MaxValue)]
    public int? SizeLimitKb { get; init; }
}
