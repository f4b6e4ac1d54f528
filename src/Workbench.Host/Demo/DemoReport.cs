using Workbench.Charts;
using Workbench.Host.Activities;
using Workbench.Reports;

namespace Workbench.Host.Demo;

/// <summary>The demo's story as one HTML file that needs no network.</summary>
internal static class DemoReport
{
    public static async Task WriteAsync(DemoWorld world, string path, CancellationToken cancellationToken)
    {
        var story = world.Story;
        var report = new HtmlReport("One model's whole life", "Workbench demo on the sample data: eighteen months of a subscription business, replayed.");
        report.Section("What happened").Table(["Stage", "Figures"], story.Stages.Select((stage, i) => new ReportCell[] { $"{i + 1}. {stage.Title}", stage.Line }));
        report.Section("Accuracy of the served champion")
            .Text("Share of customers whose prediction was right, by the week in which the request was answered; a label is known thirty days later.")
            .Figure(await AccuracyAsync(world, cancellationToken));
        report.Section("Timeline").Timeline(story.Events.Select(one => new ReportEvent(one.At, one.Actor, one.Text)));
        var gates = report.Section("The gate");
        foreach (var (passed, message) in story.Gates)
            gates.Status(passed ? ReportStatus.Passed : ReportStatus.Refused, passed ? "passed" : "refused", message);
        report.Section("Who was champion").Table(["When", "From", "To", "Who", "Why"],
            (await world.Host.Registry.HistoryAsync(DemoWorld.Model, cancellationToken)).Where(change => change.Alias == ChampionGate.Champion).Select(change => new ReportCell[]
            {
                $"{change.At.UtcDateTime:yyyy-MM-dd HH:mm}", change.FromVersion is { } from ? $"v{from}" : "none", $"v{change.ToVersion}", change.Actor, (change.Forced ? "forced: " : "") + change.Reason,
            }));
        if (story.Drift is { } drift)
            report.Section("Drift of month 13 against the training data").Figure(drift.ToSummaryFigure())
                .Figures(drift.Drifted.Select(column => column.ToFigure()).OfType<PlotlyFigure>());
        report.Section("Files").Links([.. story.Files.Select(file => (file.Title, Path.GetRelativePath(Path.GetDirectoryName(path)!, file.Path).Replace('\\', '/')))]);
        report.Save(path);
    }

    private static async Task<PlotlyFigure> AccuracyAsync(DemoWorld world, CancellationToken cancellationToken)
    {
        var weeks = await world.Host.Monitoring.WeeklyAccuracyAsync(DemoWorld.Model, cancellationToken);
        var series = weeks.GroupBy(week => week.Version).OrderBy(version => version.Key)
            .Select(version => new ChartSeries($"v{version.Key}", [.. version.Select(week => week.From)], [.. version.Select(week => week.Accuracy)])).ToList();
        var figure = Chart.Line("Accuracy by week and version", "week of the request", "accuracy (share of labelled customers)", series)
            .WithThreshold(DemoRules.AccuracyLimit, $"alert below {DemoRules.AccuracyLimit:F2}");
        foreach (var one in world.Story.Events.Where(one => one.Mark is not null))
            figure = figure.WithEvent(one.At, one.Mark!);
        return figure.WithHeight(460);
    }
}
