using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;

namespace Workbench.Host.Activities;

/// <summary>What is compared with what: a model's requests with its training rows, or any two sets of rows.</summary>
[Activity(DriftCheck.Type, DisplayName = "Check drift", Category = "Monitoring", Outcomes = ["Stable", "Drifted"],
    Description = "Compares what a model was asked lately with what the version with the alias was trained on, or any two sets of rows. The report is kept among the host's reports.")]
[Output("share", "Double", "Share of the columns that drifted, 0 to 1.")]
[Output("columns", "Object", "Names of the columns that drifted.")]
[Output("drifted", "Object", "The columns that drifted, the farthest first: column, test, statistic, threshold, distance in thresholds, reason.")]
[Output("report", "String", "File name of the report.")]
[Output("runId", "String", "Run of the experiment that keeps the figures; null without an experiment.")]
internal sealed record DriftCheckOptions
{
    [Input("Name of the model whose requests are compared; empty when reference and current are given.")]
    public string? ModelName { get; init; }
    [Input("Rows that are normal: a Parquet or CSV file, glob or folder, relative to the project; empty: the model's training rows.")]
    public string? Reference { get; init; }
    [Input("Rows to judge, in the same way; empty: the model's requests.")]
    public string? Current { get; init; }
    [Input("Alias of the version whose training rows are normal.")]
    public string Alias { get; init; } = ChampionGate.Champion;
    [Input("End of the time whose requests are compared, UTC; empty: now.")]
    public DateTimeOffset? Until { get; init; }
    [Input("Requests of so many days before that are compared."), Range(1, 3650)]
    public int Days { get; init; } = 30;
    [Input("Columns to compare; empty: the model's inputs, or all that both sides have.")]
    public IReadOnlyList<string> Columns { get; init; } = [];
    [Input("Whose tests and rules decide: workbench, evidently or nannyml; empty: workbench.")]
    public string? Preset { get; init; }
    [Input("Chunks of the current rows over time, of two sets of rows: hour, day, week, month, quarter, year, 1000rows or 10chunks; empty: none.")]
    public string? By { get; init; }
    [Input("Column with the time of a row, for chunks; empty: the only date or timestamp.")]
    public string? Time { get; init; }
    [Input("Further settings under the names of a file for workbench drift --config, such as {\"exclude\": [\"id\"], \"test\": {\"price\": \"ks:0.01\"}}.")]
    public JsonObject Settings { get; init; } = [];
    [Input("Share of the columns (0 to 1) from which on the outcome is Drifted."), Range(0.0, 1.0)]
    public double Share { get; init; } = 0.5;
    [Input("Experiment that gets a run with the share, each column's statistics and the report; empty: none.")]
    public string? Experiment { get; init; }
}
