using System.ComponentModel.DataAnnotations;
using Workbench.Workflows.Validation;

namespace Workbench.Host.Activities;

/// <summary>Which data a pipeline waits for.</summary>
[Activity(WaitForData.Type, DisplayName = "Wait for data", Category = "Data", IsPolled = true, Outcomes = [PolledActivity.Found, PolledActivity.TimedOut],
    Description = "Waits, without a process, until files are there and no longer change.")]
[Output("files", "Object", "Full paths of the files, sorted; empty when none is there.")]
[Output("rows", "Int64", "Rows in all files; null when they were not counted.")]
[Output("bytes", "Int64", "Size of all files in bytes.")]
internal sealed record WaitForDataOptions
{
    [Input("File, glob such as data/daily/2025-*.parquet, or folder, relative to the project. Of a folder all files below count; names that begin with a dot or underscore do not.")]
    public required string Path { get; init; }
    [Input("Fewest rows in all files together, counted in Parquet and CSV; empty: they are not counted."), Range(1, int.MaxValue)]
    public int? MinimumRows { get; init; }
    [Input("How long no file may have come, gone or changed.")]
    public TimeSpan StableFor { get; init; } = TimeSpan.FromSeconds(30);
    [Input("How often to look, 1 s to a day.")]
    public TimeSpan CheckEvery { get; init; } = TimeSpan.FromSeconds(15);
    [Input("How long to wait, such as 06:00:00; then the outcome is TimedOut. Empty: for ever.")]
    public TimeSpan? Deadline { get; init; }
}
