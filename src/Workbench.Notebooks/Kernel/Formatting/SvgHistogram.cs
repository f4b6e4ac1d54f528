using System.Text.Json.Nodes;

namespace Workbench.Notebooks.Kernel.Formatting;

/// <summary>Counts the values of a histogram trace, which plotly.js would count in the browser.</summary>
internal static class SvgHistogram
{
    /// <summary>The trace as bars; other traces as they are.</summary>
    public static JsonObject AsBars(JsonObject trace)
    {
        if (trace["type"]?.ToString() != "histogram" || trace["x"] is not JsonArray values)
            return trace;
        var bars = (JsonObject)trace.DeepClone();
        bars["type"] = "bar";
        var numbers = values.Select(SvgAxis.Number).OfType<double>().ToList();
        if (numbers.Count < values.Count(value => value is not null) || numbers.Count == 0)
            return Categories(bars, values);
        int bins = (int)Math.Clamp(SvgAxis.Number(trace["nbinsx"]) ?? Math.Ceiling(Math.Sqrt(numbers.Count)), 1, 100);
        var (low, high) = (numbers.Min(), numbers.Max());
        double width = high > low ? (high - low) / bins : 1;
        var counts = new double[bins];
        foreach (var number in numbers)
            counts[Math.Min(bins - 1, (int)((number - low) / width))]++;
        bars["x"] = new JsonArray(counts.Select((_, bin) => (JsonNode?)(low + (bin + 0.5) * width)).ToArray());
        bars["y"] = new JsonArray(counts.Select(count => (JsonNode?)count).ToArray());
        bars["width"] = new JsonArray(counts.Select(_ => (JsonNode?)width).ToArray());
        return bars;
    }

    private static JsonObject Categories(JsonObject bars, JsonArray values)
    {
        var groups = values.Where(value => value is not null).GroupBy(value => value!.ToString()).ToList(); // nulls are filtered out
        bars["x"] = new JsonArray(groups.Select(group => (JsonNode?)group.Key).ToArray());
        bars["y"] = new JsonArray(groups.Select(group => (JsonNode?)group.Count()).ToArray());
        return bars;
    }
}
