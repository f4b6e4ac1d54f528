using System.Globalization;
using System.Text.Json.Nodes;

namespace Workbench.Charts;

/// <summary>
/// The charts of Workbench, as figures for plotly.js. Axis titles carry the unit: "price (EUR)". Nothing here reads or
/// writes a file. The same arguments give the same figure.
/// </summary>
public static partial class Chart
{
    /// <summary>Lines, one a series. Mark limits with <see cref="PlotlyFigure.WithThreshold"/> and events with WithEvent.</summary>
    /// <exception cref="ArgumentException">There is no series.</exception>
    public static PlotlyFigure Line(string title, string xAxis, string yAxis, params IReadOnlyList<ChartSeries> series) =>
        Points("Line chart", series.Count > 0 && series.Max(one => one.Y.Count) <= 60 ? "lines+markers" : "lines", title, xAxis, yAxis, series);

    /// <summary>Points, one colour a series.</summary>
    /// <exception cref="ArgumentException">There is no series.</exception>
    public static PlotlyFigure Scatter(string title, string xAxis, string yAxis, params IReadOnlyList<ChartSeries> series) =>
        Points("Scatter chart", "markers", title, xAxis, yAxis, series);

    /// <summary>One upright bar a category.</summary>
    /// <exception cref="ArgumentException">There are not as many names as values.</exception>
    public static PlotlyFigure Bar(string title, string xAxis, string yAxis, IReadOnlyList<string> names, IReadOnlyList<double> values) =>
        GroupedBar(title, xAxis, yAxis, new ChartSeries(yAxis, names, values));

    /// <summary>Lying bars, the first on top: for long names. <paramref name="colors"/>, where given, holds one colour a bar.</summary>
    /// <exception cref="ArgumentException">There are not as many names, or colours, as values.</exception>
    public static PlotlyFigure HorizontalBar(
        string title, string xAxis, IReadOnlyList<string> names, IReadOnlyList<double> values, IReadOnlyList<string>? colors = null)
    {
        if (names.Count != values.Count || (colors is not null && colors.Count != values.Count))
            throw new ArgumentException($"'{title}' has {names.Count} names, {values.Count} values and {colors?.Count ?? values.Count} colours; give as many of each.");
        var trace = Trace("bar", xAxis, 0, PlotlyText.Numbers(values), PlotlyText.Texts(names));
        trace["orientation"] = "h";
        if (colors is not null)
            trace["marker"] = new JsonObject { ["color"] = PlotlyText.Texts(colors) };
        var figure = Figure("Bar chart", title, xAxis, "", [trace], names.Count);
        figure.Layout["yaxis"]!["autorange"] = "reversed";
        figure.Layout["yaxis"]!["type"] = "category";
        figure.Layout["showlegend"] = false;
        return figure.WithHeight(120 + 22 * Math.Max(4, names.Count));
    }

    /// <summary>Bars side by side, one colour a series, one group a category.</summary>
    /// <exception cref="ArgumentException">There is no series.</exception>
    public static PlotlyFigure GroupedBar(string title, string xAxis, string yAxis, params IReadOnlyList<ChartSeries> series)
    {
        RequireSeries(title, series);
        var traces = series.Select((one, i) => Trace("bar", one.Name, i, Clone(one.X), PlotlyText.Numbers(one.Y)));
        var figure = Figure("Bar chart", title, xAxis, yAxis, traces, series.Count);
        figure.Layout["barmode"] = "group";
        figure.Layout["showlegend"] = series.Count > 1;
        return figure;
    }

    /// <summary>Bars of parts on top of each other, one colour a series, the first at the bottom, one bar a category.</summary>
    /// <exception cref="ArgumentException">There is no series.</exception>
    public static PlotlyFigure StackedBar(string title, string xAxis, string yAxis, params IReadOnlyList<ChartSeries> series)
    {
        var figure = GroupedBar(title, xAxis, yAxis, series);
        figure.Layout["barmode"] = "stack";
        return figure;
    }

    /// <summary>
    /// Distributions over the same bins, laid over each other: reference against current. <paramref name="edges"/> has one
    /// value more than each entry of <paramref name="shares"/>; a share lies in [0, 1]. An infinite outer edge is drawn as
    /// wide as its neighbour.
    /// </summary>
    /// <exception cref="ArgumentException">The counts do not fit.</exception>
    public static PlotlyFigure Histogram(
        string title, string xAxis, IReadOnlyList<double> edges, params IReadOnlyList<(string Name, IReadOnlyList<double> Shares)> shares)
    {
        if (edges.Count < 2 || shares.Count == 0 || shares.Any(one => one.Shares.Count != edges.Count - 1))
            throw new ArgumentException(
                $"Histogram '{title}' has {edges.Count} edges and {string.Join(", ", shares.Select(one => one.Shares.Count))} shares; n + 1 edges go with n shares.");
        var drawn = ChartBins.Drawable(edges);
        var traces = shares.Select((one, i) => HistogramTrace(one.Name, i, drawn, one.Shares));
        var figure = Figure("Histogram", title, xAxis, "share of rows", traces, shares.Count);
        figure.Layout["barmode"] = "overlay";
        figure.Layout["bargap"] = 0;
        figure.Layout["yaxis"]!["tickformat"] = ".0%";
        return figure;
    }

    /// <summary>
    /// Coloured cells, row 0 on top. <paramref name="values"/> is [rows][columns]; <paramref name="texts"/>, where given,
    /// is what stands in the cells.
    /// </summary>
    /// <exception cref="ArgumentException">The counts do not fit.</exception>
    public static PlotlyFigure Heatmap(
        string title, string xAxis, string yAxis, IReadOnlyList<string> columns, IReadOnlyList<string> rows,
        IReadOnlyList<IReadOnlyList<double>> values, IReadOnlyList<IReadOnlyList<string>>? texts = null)
    {
        if (values.Count != rows.Count || values.Any(row => row.Count != columns.Count))
            throw new ArgumentException($"Heatmap '{title}' needs {rows.Count} rows of {columns.Count} values, and got {values.Count} rows of {string.Join(", ", values.Select(row => row.Count))}.");
        var trace = new JsonObject
        {
            ["type"] = "heatmap",
            ["x"] = PlotlyText.Texts(columns),
            ["y"] = PlotlyText.Texts(rows),
            ["z"] = new JsonArray(values.Select(row => (JsonNode?)PlotlyText.Numbers(row)).ToArray()),
            ["colorscale"] = new JsonArray(new JsonArray(0, "#F3F7FA"), new JsonArray(1, ChartPalette.Of(0))),
            ["xgap"] = 2,
            ["ygap"] = 2,
        };
        if (texts is not null)
        {
            trace["text"] = new JsonArray(texts.Select(row => (JsonNode?)PlotlyText.Texts(row)).ToArray());
            trace["texttemplate"] = "%{text}";
            trace["showscale"] = false;
        }
        var figure = Figure("Heatmap", title, xAxis, yAxis, [trace], rows.Count * columns.Count);
        figure.Layout["xaxis"]!["type"] = "category";
        figure.Layout["yaxis"]!["type"] = "category";
        figure.Layout["yaxis"]!["autorange"] = "reversed";
        return figure;
    }

    /// <summary>Counts of actual (rows) against predicted (columns) class, coloured by the share of the actual class.</summary>
    /// <param name="title">Title.</param>
    /// <param name="classes">[C] names of the classes.</param>
    /// <param name="counts">[C][C] rows of actual class c: predicted as each class.</param>
    /// <exception cref="ArgumentException">The counts are not square over the classes.</exception>
    public static PlotlyFigure ConfusionMatrix(string title, IReadOnlyList<string> classes, IReadOnlyList<IReadOnlyList<long>> counts)
    {
        var shares = counts.Select(row => Shares(row)).ToList();
        var texts = counts.Select((row, i) => (IReadOnlyList<string>)row
            .Select((count, j) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} ({shares[i][j]:P1})")).ToList()).ToList();
        return Heatmap(title, "predicted class", "actual class", classes, classes, shares, texts);
    }

    /// <summary>A receiver operating characteristic with the diagonal of chance. Rates lie in [0, 1].</summary>
    /// <exception cref="ArgumentException">There are not as many false as true positive rates.</exception>
    public static PlotlyFigure Roc(string title, IReadOnlyList<double> falsePositiveRates, IReadOnlyList<double> truePositiveRates, double areaUnderCurve) => Points(
        "ROC curve", "lines", title, "false positive rate", "true positive rate",
        [
            new ChartSeries(string.Create(CultureInfo.InvariantCulture, $"model, AUC {areaUnderCurve:F3}"), falsePositiveRates, truePositiveRates),
            new ChartSeries("chance, AUC 0.500", [0d, 1d], [0d, 1d]) { Dashed = true },
        ]);

    private static PlotlyFigure Points(string kind, string mode, string title, string xAxis, string yAxis, IReadOnlyList<ChartSeries> series)
    {
        RequireSeries(title, series);
        var traces = series.Select((one, i) =>
        {
            var trace = Trace("scatter", one.Name, i, Clone(one.X), PlotlyText.Numbers(one.Y));
            trace["mode"] = one.Dashed ? "lines" : mode;
            trace["line"] = new JsonObject { ["color"] = ChartPalette.Of(i), ["width"] = 2, ["dash"] = one.Dashed ? "dash" : "solid" };
            if (one.Intervals is { } intervals)
                trace["error_y"] = ErrorBars(one.Name, one.Y, intervals);
            return trace;
        });
        var figure = Figure(kind, title, xAxis, yAxis, traces, series.Count);
        figure.Layout["showlegend"] = series.Count > 1;
        return figure;
    }

    private static JsonObject ErrorBars(string name, IReadOnlyList<double> values, IReadOnlyList<(double Lower, double Upper)> intervals)
    {
        if (intervals.Count != values.Count)
            throw new ArgumentException($"Series '{name}' has {values.Count} values and {intervals.Count} intervals; give one interval a value.");
        return new JsonObject
        {
            ["type"] = "data",
            ["symmetric"] = false,
            ["array"] = PlotlyText.Numbers(intervals.Select((interval, i) => interval.Upper - values[i])),
            ["arrayminus"] = PlotlyText.Numbers(intervals.Select((interval, i) => values[i] - interval.Lower)),
            ["thickness"] = 1.5,
            ["width"] = 5,
        };
    }

    private static JsonObject Trace(string type, string name, int index, JsonArray x, JsonArray y) => new()
    {
        ["type"] = type,
        ["name"] = PlotlyText.Encode(name),
        ["x"] = x,
        ["y"] = y,
        ["marker"] = new JsonObject { ["color"] = ChartPalette.Of(index) },
    };

    private static JsonObject HistogramTrace(string name, int index, IReadOnlyList<double> edges, IReadOnlyList<double> shares)
    {
        var bins = Enumerable.Range(0, shares.Count);
        var trace = Trace("bar", name, index, PlotlyText.Numbers(bins.Select(i => (edges[i] + edges[i + 1]) / 2)), PlotlyText.Numbers(shares));
        trace["width"] = PlotlyText.Numbers(bins.Select(i => edges[i + 1] - edges[i]));
        trace["opacity"] = 0.55;
        return trace;
    }

    private static PlotlyFigure Figure(string kind, string title, string xAxis, string yAxis, IEnumerable<JsonObject> traces, int parts)
    {
        var data = new JsonArray(traces.ToArray<JsonNode?>());
        string names = string.Join(", ", data.Select(trace => trace!["name"]?.GetValue<string>()).OfType<string>().Take(8).Select(PlotlyText.Decode));
        string description = $"{kind}: {title}. {yAxis} by {xAxis}.{(names.Length > 0 && parts > 1 ? $" Series: {names}." : "")}";
        return new() { Data = data, Layout = ChartLayout.Of(title, xAxis, yAxis, description) };
    }

    private static List<double> Shares(IReadOnlyList<long> counts)
    {
        double total = Math.Max(1, counts.Sum());
        return counts.Select(count => count / total).ToList();
    }

    // A JSON node has one parent only.
    private static JsonArray Clone(JsonArray array) => array.DeepClone().AsArray();

    private static void RequireSeries(string title, IReadOnlyList<ChartSeries> series)
    {
        if (series.Count == 0)
            throw new ArgumentException($"Chart '{title}' has no series; give at least one.", nameof(series));
    }
}
