using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Charts;

namespace Workbench.Drift.Chunks;

/// <summary>Pictures of a time line.</summary>
internal static class TimelineFigures
{
    private const int HeatmapColumns = 60;
    // Beyond that many limits a cell is as dark as can be.
    private const double Darkest = 2;

    /// <summary>Columns by chunks; the columns with the most drift first.</summary>
    public static PlotlyFigure Heatmap(DriftTimeline timeline)
    {
        var columns = timeline.Columns.Where(column => column.Tests.Count > 0)
            .OrderByDescending(column => column.IsDrift.Count(one => one)).Take(HeatmapColumns).ToList();
        string title = columns.Count < timeline.Columns.Count ? $"Drift by {timeline.By}, {columns.Count} of {timeline.Columns.Count} columns" : $"Drift by {timeline.By}";
        var figure = Chart.Heatmap(
            title, timeline.TimeColumn ?? "chunk", "", timeline.Chunks.Select(chunk => chunk.Label).ToList(), columns.Select(column => column.Column).ToList(),
            columns.Select(column => (IReadOnlyList<double>)Enumerable.Range(0, timeline.Chunks.Count).Select(chunk => Distance(column, chunk)).ToList()).ToList());
        var trace = figure.Data[0]!.AsObject();
        trace["zmin"] = 0;
        trace["zmax"] = Darkest;
        trace["colorscale"] = new JsonArray(
            new JsonArray(0, "#F3F7FA"), new JsonArray(0.5, "#B7D3E6"), new JsonArray(0.5, "#F2C9A5"), new JsonArray(1, ChartPalette.Alarm));
        trace["colorbar"] = new JsonObject { ["title"] = new JsonObject { ["text"] = "statistic / limit" } };
        int drifted = timeline.Columns.Count(column => column.FirstDrift is not null);
        return figure.WithHeight(160 + 20 * Math.Max(4, columns.Count))
            .WithDescription($"Heat map of {columns.Count} columns by {timeline.Chunks.Count} chunks: {drifted} columns drifted in some chunk.");
    }

    /// <summary>Share of drifted columns.</summary>
    public static PlotlyFigure Shares(DriftTimeline timeline)
    {
        var figure = Chart.Line("Share of drifted columns", timeline.TimeColumn ?? "chunk", "drifted columns", Points(timeline, "drifted columns", timeline.DriftedShares));
        figure.Layout["yaxis"]!["tickformat"] = ".0%";
        return figure;
    }

    /// <summary>One test of a column: the line, the band of its limits, the alerts.</summary>
    public static PlotlyFigure Column(DriftTimeline timeline, string name, string? test)
    {
        var column = timeline.Columns.FirstOrDefault(one => one.Column == name)
            ?? throw new ArgumentException($"Column '{name}' is not in the time line. Its columns: {string.Join(", ", timeline.Columns.Select(one => one.Column))}.", nameof(name));
        var series = column.Tests.Where(one => test is null || one.Test == test).MaxBy(one => one.Alerts.Count(alert => alert))
            ?? throw new ArgumentException($"Column '{name}' has no test '{test ?? "that decides"}' in the time line. Its tests: {string.Join(", ", column.Tests.Select(one => one.Test))}.", nameof(test));
        var figure = Chart.Line(
            column.Sentence ?? name, timeline.TimeColumn ?? "chunk", series.Test,
            Points(timeline, series.Test, series.Values), Points(timeline, "alert", series.Values.Select((value, chunk) => column.IsDrift[chunk] && series.Alerts[chunk] ? value : null).ToList()));
        var alerts = figure.Data[1]!.AsObject();
        alerts["mode"] = "markers";
        alerts["marker"] = new JsonObject { ["color"] = ChartPalette.Alarm, ["size"] = 9, ["symbol"] = "diamond" };
        AddBand(figure, series);
        if (series.Upper is { } upper)
            figure = figure.WithThreshold(upper, "upper limit");
        if (series.Lower is { } lower)
            figure = figure.WithThreshold(lower, "lower limit");
        return figure.WithDescription(string.Create(
            CultureInfo.InvariantCulture,
            $"Line of {series.Test} of {name} over {timeline.Chunks.Count} chunks: {column.Sentence ?? "no drift"}."));
    }

    private static void AddBand(PlotlyFigure figure, DriftSeries series)
    {
        if (series.Upper is not { } upper)
            return;
        figure.Layout["shapes"] = new JsonArray(new JsonObject
        {
            ["type"] = "rect",
            ["xref"] = "paper",
            ["x0"] = 0,
            ["x1"] = 1,
            ["yref"] = "y",
            ["y0"] = series.Lower ?? 0,
            ["y1"] = upper,
            ["fillcolor"] = ChartPalette.Of(0),
            ["opacity"] = 0.08,
            ["line"] = new JsonObject { ["width"] = 0 },
            ["layer"] = "below",
        });
    }

    // Chunks of a source without times are drawn by their labels.
    private static ChartSeries Points(DriftTimeline timeline, string name, IReadOnlyList<double?> values)
    {
        var drawn = values.Select(value => value ?? double.NaN);
        return timeline.Chunks.All(chunk => chunk.Start is not null)
            ? new(name, timeline.Chunks.Select(chunk => chunk.Start!.Value), drawn) // all have one
            : new(name, timeline.Chunks.Select(chunk => chunk.Label), drawn);
    }

    // How far the most extreme test went, in upper limits; NaN where nothing was compared. An alert is above 1, and nothing else is.
    private static double Distance(ColumnTimeline column, int chunk)
    {
        var values = column.Tests.Where(test => test.Values[chunk] is not null).Select(test => Distance(test, chunk)).DefaultIfEmpty(double.NaN).ToList();
        double most = values.Max();
        return double.IsNaN(most) ? most : column.IsDrift[chunk] ? Math.Clamp(most, Math.BitIncrement(1), Darkest) : Math.Min(most, 1);
    }

    private static double Distance(DriftSeries test, int chunk) =>
        test.Upper is > 0 and double upper ? test.Values[chunk]!.Value / upper // only asked where there is a value
        : test.Alerts[chunk] ? Darkest : 0;
}
