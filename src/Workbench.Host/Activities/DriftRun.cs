using System.Text;
using Workbench.Drift;
using Workbench.Registry;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Activities;

/// <summary>A drift report as a run of an experiment: share and statistics as metrics, the report as page and as JSON among the artifacts.</summary>
internal static class DriftRun
{
    public const string PageTag = "workbench.driftPage";
    public const string JsonTag = "workbench.driftReport";

    /// <summary>Names of the metrics of a run, beside <c>COLUMN.TEST</c> for each statistic.</summary>
    public const string Share = "drift_share", Drifted = "drifted_columns", Columns = "columns", ReferenceRows = "reference_rows", CurrentRows = "current_rows";

    /// <summary>Records the report once a step: the run of an earlier attempt that ended is taken, one that died is closed.</summary>
    public static async Task<RunId> RecordAsync(ModelRegistry registry, string experiment, StepContext step, DriftReport report, string page, CancellationToken cancellationToken)
    {
        if (await TrainingRun.FindFinishedAsync(registry, experiment, step, cancellationToken) is { } finished)
            return finished;
        var run = await TrainingRun.StartAsync(registry, experiment, step, new Dictionary<string, string> { ["reference"] = report.Reference, ["current"] = report.Current }, cancellationToken);
        await registry.LogMetricsAsync(run.Id, Metrics(report), cancellationToken: cancellationToken);
        await registry.SetTagAsync(run.Id, PageTag, (await registry.Artifacts.PutAsync(page, cancellationToken)).Value, cancellationToken);
        await registry.SetTagAsync(run.Id, JsonTag, (await registry.Artifacts.PutBytesAsync(Encoding.UTF8.GetBytes(report.ToJson()), cancellationToken)).Value, cancellationToken);
        await run.EndAsync(RunStatus.Finished);
        return run.Id;
    }

    /// <summary>What a run keeps of a report.</summary>
    public static IReadOnlyDictionary<string, double> Metrics(DriftReport report)
    {
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            [Share] = report.DriftedShare, [Drifted] = report.Drifted.Count, [Columns] = report.Columns.Count, [ReferenceRows] = report.ReferenceRows, [CurrentRows] = report.CurrentRows,
        };
        foreach (var column in report.Columns)
            foreach (var test in column.Tests)
                metrics[$"{column.Column}.{test.Test}"] = test.Statistic;
        return metrics;
    }
}
