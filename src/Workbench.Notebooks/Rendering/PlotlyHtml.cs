using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Workbench.Notebooks.Rendering;

/// <summary>
/// Charts that Plotly.NET, XPlot and plotly.py wrote as HTML: a script that loads plotly.js from the network and calls it.
/// A report runs no script of a notebook, but can read the figure in it, and draws that itself.
/// </summary>
internal static partial class PlotlyHtml
{
    /// <summary>The figure, or null when the HTML draws none or its data is more than JSON.</summary>
    public static JsonObject? TryRead(string html)
    {
        if (!html.Contains("Plotly.", StringComparison.Ordinal))
            return null;
        if (Variable().Match(html) is { Success: true } data && ReadJson(html, data.Index + data.Length) is { Value: JsonArray traces } first)
        {
            var layout = Layout().Match(html, first.End);
            return Figure(traces, layout.Success ? ReadJson(html, layout.Index + layout.Length)?.Value : null);
        }
        if (Call().Match(html) is { Success: true } call && ReadJson(html, call.Index + call.Length) is { Value: JsonArray list } argument)
            return Figure(list, NextArgument(html, argument.End));
        return null;
    }

    private static JsonObject Figure(JsonArray data, JsonNode? layout) => new() { ["data"] = data, ["layout"] = layout as JsonObject ?? [] };

    private static JsonNode? NextArgument(string html, int end)
    {
        int start = html.AsSpan(end).IndexOfAnyExcept(" \t\r\n");
        return start >= 0 && html[end + start] == ',' ? ReadJson(html, end + start + 1)?.Value : null;
    }

    // One JSON value, whatever script stands behind it.
    private static (JsonNode? Value, int End)? ReadJson(string html, int start)
    {
        var bytes = Encoding.UTF8.GetBytes(html[start..]);
        try
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { AllowMultipleValues = true });
            reader.Read();
            var value = JsonNode.Parse(ref reader);
            return (value, start + Encoding.UTF8.GetCharCount(bytes, 0, (int)reader.BytesConsumed));
        }
        catch (JsonException)
        {
            return null; // a script that computes: nothing that could be read without running it
        }
    }

    [GeneratedRegex(@"\bvar\s+data\s*=\s*(?=\[)")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\bvar\s+layout\s*=\s*(?=\{)")]
    private static partial Regex Layout();

    [GeneratedRegex(@"\bPlotly\.(?:newPlot|plot|react)\(\s*(?:""[^""]*""|'[^']*')\s*,\s*(?=\[)")]
    private static partial Regex Call();
}
