using Workbench.Charts;

namespace Workbench.Drift;

/// <summary>Pictures of a drift report.</summary>
internal static class DriftFigures
{
    private const int SummaryColumns = 40;
    // A constant reference can be a thousand thresholds away and would flatten every other bar.
    private const double LongestBar = 10;

    /// <summary>One bar a column: how far its most extreme deciding test went, in thresholds; columns beyond 1 first.</summary>
    public static PlotlyFigure Summary(DriftReport report)
    {
        var bars = report.Columns.Select(column => (column.Column, column.IsDrift, column.Distance))
            .OrderByDescending(bar => bar.IsDrift).ThenByDescending(bar => bar.Distance).Take(SummaryColumns).ToList();
        string title = report.Columns.Count > SummaryColumns ? $"Distance from the reference, {SummaryColumns} of {report.Columns.Count} columns" : "Distance from the reference";
        return Chart.HorizontalBar(
                title, $"deciding statistic / threshold, at most {LongestBar:N0}",
                bars.Select(bar => bar.Column).ToList(),
                bars.Select(bar => Math.Min(bar.Distance, LongestBar)).ToList(),
                bars.Select(bar => bar.IsDrift ? ChartPalette.Alarm : ChartPalette.Of(0)).ToList())
            .WithEvent(1, "threshold")
            .WithDescription($"Bar chart: {report.Drifted.Count} of {report.Columns.Count} columns drifted: {string.Join(", ", report.Drifted.Take(20).Select(column => column.Column))}.");
    }

    /// <summary>Both distributions over the same bins; null when there is nothing to draw.</summary>
    public static PlotlyFigure? Column(ColumnDrift column)
    {
        if (column.Bins is not { } bins)
            return null;
        string title = column.IsDrift ? $"{column.Column}: drift" : column.Column;
        if (bins.Edges is { } edges)
            return Chart.Histogram(title, Axis(column), edges, ("reference", bins.ReferenceShares), ("current", bins.CurrentShares));
        var figure = Chart.GroupedBar(
            title, column.Column, "share of rows",
            new ChartSeries("reference", bins.Categories!, bins.ReferenceShares), // bins have edges or categories
            new ChartSeries("current", bins.Categories!, bins.CurrentShares));
        figure.Layout["yaxis"]!["tickformat"] = ".0%";
        return figure;
    }

    private static string Axis(ColumnDrift column) => column.Kind switch
    {
        DriftColumnKind.Text => $"{column.Column} (words a text)",
        DriftColumnKind.Embedding => $"{column.Column} (distance to the mean of the reference)",
        _ => column.Column,
    };
}
