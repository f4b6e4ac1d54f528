using System.Text.Json.Nodes;
using Workbench.Charts;

namespace Workbench.Evaluation.Estimation;

/// <summary>Pictures of estimated performance.</summary>
internal static class EstimationFigures
{
    private const string BandColor = "rgba(0,114,178,0.18)"; // the palette's first colour, thin

    public static PlotlyFigure Of(MetricEstimates metric)
    {
        var all = metric.Reference.Concat(metric.Chunks).ToList();
        string[] names = [.. metric.Reference.Select(chunk => $"reference {chunk.Chunk}"), .. metric.Chunks.Select(chunk => chunk.Chunk)];
        var series = new List<ChartSeries> { new("estimated", names, all.Select(chunk => chunk.Value ?? double.NaN)) };
        if (all.Exists(chunk => chunk.Realised is not null))
            series.Add(new("realised", names, all.Select(chunk => chunk.Realised ?? double.NaN)) { Dashed = true });
        var figure = Chart.Line($"Estimated {metric.Name}", "chunk", metric.Name, series);
        figure = figure with { Data = [.. Band(names, all), .. figure.Data.Select(trace => trace!.DeepClone())] };
        figure.Layout["xaxis"]!["type"] = "category"; // else plotly.js takes names such as 2025-03-03 for dates, and drops the reference's
        if (metric.Reference.Count > 0 && metric.Chunks.Count > 0)
            figure = figure.WithEvent(metric.Chunks[0].Chunk, "after the reference");
        if (metric.LowerThreshold is { } lower)
            figure = figure.WithThreshold(lower, "lower threshold");
        if (metric.UpperThreshold is { } upper)
            figure = figure.WithThreshold(upper, "upper threshold");
        var alerts = metric.Chunks.Where(chunk => chunk.IsAlert).Select(chunk => chunk.Chunk).ToList();
        return figure.WithDescription(
            $"Line chart: estimated {metric.Name} of {metric.Chunks.Count} chunks with its band, after {metric.Reference.Count} chunks of the reference. "
            + (alerts.Count == 0 ? "No chunk lies outside of the thresholds." : $"Outside of the thresholds: {string.Join(", ", alerts.Take(20))}."));
    }

    private static IEnumerable<JsonNode> Band(string[] names, List<ChunkEstimate> chunks) =>
    [
        Edge("upper", names, chunks.Select(chunk => chunk.Upper), fill: null),
        Edge("band of three standard errors", names, chunks.Select(chunk => chunk.Lower), fill: "tonexty"),
    ];

    private static JsonObject Edge(string name, string[] names, IEnumerable<double?> values, string? fill)
    {
        var edge = new JsonObject
        {
            ["type"] = "scatter", ["mode"] = "lines", ["name"] = name, ["x"] = PlotlyText.Texts(names),
            ["y"] = PlotlyText.Numbers(values.Select(value => value ?? double.NaN)),
            ["line"] = new JsonObject { ["width"] = 0 }, ["hoverinfo"] = "skip", ["showlegend"] = fill is not null,
        };
        if (fill is not null)
            (edge["fill"], edge["fillcolor"]) = (fill, BandColor);
        return edge;
    }
}
