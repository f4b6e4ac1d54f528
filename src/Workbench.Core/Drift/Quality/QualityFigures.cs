using Workbench.Charts;

namespace Workbench.Drift.Quality;

/// <summary>Pictures of a quality report.</summary>
internal static class QualityFigures
{
    private const int Columns = 30;

    /// <summary>The columns that miss most, beside the reference's; null when nothing is missing.</summary>
    public static PlotlyFigure? Missing(DataQualityReport report)
    {
        var columns = report.Columns.Where(column => column.MissingShare > 0 || column.ReferenceMissingShare > 0).OrderByDescending(column => column.MissingShare).ToList();
        if (columns.Count == 0)
            return null;
        var drawn = columns.Take(Columns).ToList();
        var names = drawn.Select(column => column.Column).ToList();
        ChartSeries current = new(report.Reference is null ? "missing" : "data", names, drawn.Select(column => column.MissingShare));
        string title = columns.Count > drawn.Count ? $"Missing values, {drawn.Count} of {columns.Count} columns" : "Missing values";
        var figure = report.Reference is null
            ? Chart.GroupedBar(title, "column", "share of rows", current)
            : Chart.GroupedBar(title, "column", "share of rows", new ChartSeries("reference", names, drawn.Select(column => column.ReferenceMissingShare ?? 0)), current);
        figure.Layout["yaxis"]!["tickformat"] = ".0%"; // every chart has its axes
        return figure.WithDescription($"Bar chart: {columns.Count} columns miss values, most of all {string.Join(", ", drawn.Take(5).Select(column => $"{column.Column} ({QualityText.Share(column.MissingShare)})"))}.");
    }
}
