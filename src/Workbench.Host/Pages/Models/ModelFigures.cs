using Workbench.Charts;
using Workbench.Host.Activities;
using Workbench.Host.Monitoring;
using Workbench.Monitoring;
using Workbench.Registry;

namespace Workbench.Host.Pages.Models;

/// <summary>Pictures of a model: how well it did week by week, and its versions' metrics. Only where there is something to draw.</summary>
internal sealed class ModelFigures(ModelRegistry registry, MonitoringService monitoring, MonitoringConfig rules, HostSettings settings)
{
    /// <summary>Accuracy by week and version with the alert's limit and the champion's changes; null when no label is known.</summary>
    public async Task<PlotlyFigure?> AccuracyAsync(string model, CancellationToken cancellationToken)
    {
        if (!PredictionLog.HasParquet(settings.Folder, model))
            return null;
        var weeks = await monitoring.WeeklyAccuracyAsync(model, cancellationToken);
        if (weeks.Count == 0)
            return null;
        var figure = Chart.Line("Accuracy by week and version", "week of the request (UTC)", "accuracy (share of labelled requests)",
            [.. weeks.GroupBy(week => week.Version).OrderBy(version => version.Key).Select(version => new ChartSeries($"v{version.Key}", version.Select(week => week.From), version.Select(week => week.Accuracy)))]);
        foreach (var rule in rules.Rules.Where(rule => rule.Model == model && rule.Below is not null))
            figure = figure.WithThreshold(rule.Below!.Value, $"{rule.Name}: alert below {PageText.Figure(rule.Below)}"); // Filtered above.
        foreach (var change in (await registry.HistoryAsync(model, cancellationToken)).Where(change => change.Alias == ChampionGate.Champion))
            figure = figure.WithEvent(change.At, $"champion v{change.ToVersion}");
        return figure.WithHeight(400);
    }

    /// <summary>The drift reports of a model, newest first, as names and addresses relative to the host's root.</summary>
    public IReadOnlyList<(string Name, string Address)> DriftReports(string model) =>
        [.. new DirectoryInfo(settings.Folder.Reports).EnumerateFiles($"drift-{model}-*.html").OrderByDescending(file => file.LastWriteTimeUtc).Take(12)
            .Select(file => (Path.GetFileNameWithoutExtension(file.Name), $"reports/{Uri.EscapeDataString(file.Name)}"))];
}
