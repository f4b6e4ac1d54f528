using System.ComponentModel.DataAnnotations;

namespace Workbench.Host.Activities;

/// <summary>Whose requests are compared, over which time.</summary>
[Activity(DriftCheck.Type, DisplayName = "Check drift", Category = "Monitoring", Outcomes = ["Stable", "Drifted"],
    Description = "Compares what a model was asked lately with what the version with the alias was trained on. The report is kept among the host's reports.")]
[Output("share", "Double", "Share of the columns that drifted, 0 to 1.")]
[Output("columns", "Object", "Names of the columns that drifted.")]
[Output("report", "String", "File name of the report.")]
internal sealed record DriftCheckOptions
{
    [Input("Name of the model.")]
    public required string ModelName { get; init; }
    [Input("Alias of the version whose training rows are normal.")]
    public string Alias { get; init; } = ChampionGate.Champion;
    [Input("End of the time whose requests are compared, UTC; empty: now.")]
    public DateTimeOffset? Until { get; init; }
    [Input("Requests of so many days before that are compared."), Range(1, 3650)]
    public int Days { get; init; } = 30;
    [Input("Share of the columns (0 to 1) from which on the outcome is Drifted."), Range(0.0, 1.0)]
    public double Share { get; init; } = 0.5;
}
