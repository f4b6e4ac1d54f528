using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Workbench.Charts;

/// <summary>
/// A figure for plotly.js 2.x: traces, layout and configuration, as the MIME type <c>application/vnd.plotly.v1+json</c>
/// carries them. Made by <see cref="Chart"/>; notebooks, pages and reports draw it. A figure is never changed after it was
/// made: the With members return a new one.
/// </summary>
public sealed record PlotlyFigure
{
    /// <summary>The MIME type of <see cref="ToJson"/>.</summary>
    public const string MimeType = "application/vnd.plotly.v1+json";

    /// <summary>The traces.</summary>
    [JsonPropertyName("data")]
    public required JsonArray Data { get; init; }

    /// <summary>Title, axes, legend, marker lines.</summary>
    [JsonPropertyName("layout")]
    public required JsonObject Layout { get; init; }

    /// <summary>How plotly.js behaves; by default without its logo, and following the width of its frame.</summary>
    [JsonPropertyName("config")]
    public JsonObject Config { get; init; } = new() { ["displaylogo"] = false, ["responsive"] = true, ["modeBarButtonsToRemove"] = new JsonArray("select2d", "lasso2d", "autoScale2d") };

    /// <summary>The title as plain text; empty when there is none.</summary>
    [JsonIgnore]
    public string Title => PlotlyText.Decode(Layout["title"]?["text"]?.GetValue<string>() ?? "");

    /// <summary>What the figure shows, in words, for readers who do not see it; the title when nothing better is known.</summary>
    [JsonIgnore]
    public string Description => Layout["meta"]?["description"]?.GetValue<string>() ?? Title;

    /// <summary>
    /// The figure as JSON. The same figure gives the same text; a missing or infinite number is null; <c>&lt;</c>, <c>&gt;</c>
    /// and <c>&amp;</c> are escaped, so that the text may stand inside an HTML script element.
    /// </summary>
    public string ToJson() => JsonSerializer.Serialize(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote, or any plotly.js figure.</summary>
    /// <exception cref="FormatException">The text is no JSON object with data and layout.</exception>
    public static PlotlyFigure Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<PlotlyFigure>(json) ?? throw new FormatException("A Plotly figure cannot be null.");
        }
        catch (JsonException failure)
        {
            throw new FormatException($"This is no Plotly figure with 'data' and 'layout': {failure.Message}", failure);
        }
    }

    /// <summary>Adds a dashed horizontal line at <paramref name="y"/> (unit of the y axis) with its meaning beside it.</summary>
    public PlotlyFigure WithThreshold(double y, string text) => WithMarker(
        Line("paper", 0, 1, "y", y, y, "dash", ChartPalette.Alarm),
        Note("paper", 1, "y", y, text, "right", "bottom", ChartPalette.Alarm));

    /// <summary>Adds a dotted vertical line at a time, such as "champion v3". Times are drawn in UTC.</summary>
    public PlotlyFigure WithEvent(DateTimeOffset x, string text) => WithEventAt(PlotlyText.Time(x), text);

    /// <summary>Adds a dotted vertical line at <paramref name="x"/> (unit of the x axis).</summary>
    public PlotlyFigure WithEvent(double x, string text) => WithEventAt(x, text);

    /// <summary>Adds a dotted vertical line at a category of the x axis.</summary>
    public PlotlyFigure WithEvent(string x, string text) => WithEventAt(PlotlyText.Encode(x), text);

    /// <summary>Sets the height in pixels; the width follows the page.</summary>
    public PlotlyFigure WithHeight(int pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pixels);
        var layout = Copy();
        layout["height"] = pixels;
        return this with { Layout = layout };
    }

    /// <summary>Sets the words that <see cref="Description"/> gives to readers who do not see the figure.</summary>
    public PlotlyFigure WithDescription(string description)
    {
        var layout = Copy();
        layout["meta"] = new JsonObject { ["description"] = description };
        return this with { Layout = layout };
    }

    // Neighbouring events would print over each other: their texts take turns on three heights, the first above the plot.
    private PlotlyFigure WithEventAt(JsonNode x, string text)
    {
        int events = Layout["shapes"]?.AsArray().Count(shape => shape!["yref"]!.GetValue<string>() == "paper") ?? 0;
        double y = 1 - events % 3 * 0.07;
        return WithMarker(
            Line("x", x, x.DeepClone(), "paper", 0, 1, "dot", ChartPalette.Text),
            Note("x", x.DeepClone(), "paper", y, text, "left", "bottom", ChartPalette.Text));
    }

    private PlotlyFigure WithMarker(JsonObject line, JsonObject note)
    {
        var layout = Copy();
        Append(layout, "shapes", line);
        Append(layout, "annotations", note);
        return this with { Layout = layout };
    }

    private JsonObject Copy() => Layout.DeepClone().AsObject();

    private static void Append(JsonObject layout, string name, JsonObject item)
    {
        if (layout[name] is not JsonArray list)
            layout[name] = list = [];
        list.Add(item);
    }

    private static JsonObject Line(string xref, JsonNode x0, JsonNode x1, string yref, JsonNode y0, JsonNode y1, string dash, string color) => new()
    {
        ["type"] = "line",
        ["xref"] = xref,
        ["x0"] = x0,
        ["x1"] = x1,
        ["yref"] = yref,
        ["y0"] = y0,
        ["y1"] = y1,
        ["line"] = new JsonObject { ["color"] = color, ["width"] = 1.5, ["dash"] = dash },
    };

    private static JsonObject Note(string xref, JsonNode x, string yref, JsonNode y, string text, string xanchor, string yanchor, string color) => new()
    {
        ["xref"] = xref,
        ["x"] = x,
        ["yref"] = yref,
        ["y"] = y,
        ["text"] = PlotlyText.Encode(text),
        ["showarrow"] = false,
        ["xanchor"] = xanchor,
        ["yanchor"] = yanchor,
        ["bgcolor"] = "rgba(255,255,255,0.8)",
        ["font"] = new JsonObject { ["color"] = color, ["size"] = 11 },
    };
}
