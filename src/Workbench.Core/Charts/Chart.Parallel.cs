using System.Globalization;
using System.Text.Json.Nodes;

namespace Workbench.Charts;

/// <content>Points of many dimensions.</content>
public static partial class Chart
{
    private const int Shades = 6;
    private static readonly (int Red, int Green, int Blue) Pale = (0xD3, 0xDE, 0xE6), Strong = (0x00, 0x72, 0xB2); // the palette's first colour

    /// <summary>
    /// Parallel coordinates (Inselberg 1985): one upright axis a dimension, one line a point. Lines are drawn from pale to strong by
    /// their rank, and one stands out. Drawn of plain lines: plotly.js' own kind compiles code at run time, which a
    /// report's content security policy forbids, and needs WebGL.
    /// </summary>
    /// <param name="title">Title.</param>
    /// <param name="axes">[D] axes, each with [N] positions.</param>
    /// <param name="ranks">[N] from 0 (pale) to 1 (strong).</param>
    /// <param name="texts">[N] texts that are shown for the line under the pointer.</param>
    /// <param name="highlighted">Index of the line that stands out; null for none.</param>
    /// <exception cref="ArgumentException">There is no axis, or the counts do not fit.</exception>
    public static PlotlyFigure ParallelCoordinates(
        string title, IReadOnlyList<ParallelAxis> axes, IReadOnlyList<double> ranks, IReadOnlyList<string> texts, int? highlighted = null)
    {
        if (axes.Count == 0 || axes.Any(axis => axis.Positions.Count != ranks.Count) || texts.Count != ranks.Count || highlighted >= ranks.Count)
            throw new ArgumentException(
                $"'{title}' has {axes.Count} axes of {string.Join(", ", axes.Select(axis => axis.Positions.Count))} positions, {ranks.Count} ranks and {texts.Count} texts; give at least one axis, and as many of each.");
        var others = Enumerable.Range(0, ranks.Count).Where(line => line != highlighted).ToLookup(line => Math.Clamp((int)(ranks[line] * Shades), 0, Shades - 1));
        var traces = Enumerable.Range(0, Shades).Where(others.Contains).Select(shade => ParallelLines(axes, [.. others[shade]], texts, Shade(shade), 1.2)).ToList();
        if (highlighted is { } best)
            traces.Add(ParallelLines(axes, [best], texts, "#D55E00", 3.5));
        var figure = Figure("Parallel coordinates", title, "", "", traces, 1);
        Dress(figure.Layout, axes);
        return figure.WithHeight(420).WithDescription(string.Create(CultureInfo.InvariantCulture, $"Parallel coordinates: {title}. {ranks.Count} lines over {string.Join(", ", axes.Select(axis => axis.Name))}."));
    }

    private static JsonObject ParallelLines(IReadOnlyList<ParallelAxis> axes, IReadOnlyList<int> lines, IReadOnlyList<string> texts, string color, double width)
    {
        // A gap between two lines keeps them apart within one trace.
        var trace = Trace("scatter", "", 0,
            PlotlyText.Numbers(lines.SelectMany(_ => Enumerable.Range(0, axes.Count).Select(axis => (double)axis).Append(double.NaN))),
            PlotlyText.Numbers(lines.SelectMany(line => axes.Select(axis => axis.Positions[line]).Append(double.NaN))));
        trace["mode"] = "lines";
        trace["line"] = new JsonObject { ["color"] = color, ["width"] = width };
        trace["text"] = PlotlyText.Texts(lines.SelectMany(line => Enumerable.Repeat(texts[line], axes.Count + 1)));
        trace["hoverinfo"] = "text";
        return trace;
    }

    private static void Dress(JsonObject layout, IReadOnlyList<ParallelAxis> axes)
    {
        layout["showlegend"] = false;
        layout["hovermode"] = "closest";
        var (x, y) = (layout["xaxis"]!.AsObject(), layout["yaxis"]!.AsObject());
        x["tickvals"] = PlotlyText.Numbers(Enumerable.Range(0, axes.Count).Select(axis => (double)axis));
        x["ticktext"] = PlotlyText.Texts(axes.Select(axis => axis.Name));
        x["range"] = new JsonArray(-0.15, axes.Count - 0.45);
        x["gridcolor"] = "#9CA3AF";
        x["zeroline"] = false;
        y["range"] = new JsonArray(-0.06, 1.06);
        y["visible"] = false;
        layout["annotations"] = new JsonArray([.. axes.SelectMany((axis, i) => axis.Ticks.Select(tick => (JsonNode?)new JsonObject
        {
            ["x"] = i, ["y"] = tick.Position, ["text"] = PlotlyText.Encode(tick.Text), ["showarrow"] = false, ["xanchor"] = "left", ["xshift"] = 4,
            ["font"] = new JsonObject { ["size"] = 11, ["color"] = ChartPalette.Text }, ["bgcolor"] = "rgba(255,255,255,0.75)", ["borderpad"] = 1,
        }))]);
    }

    private static string Shade(int index)
    {
        double share = index / (Shades - 1.0);
        int Mix(int from, int to) => (int)Math.Round(from + (to - from) * share);
        return $"#{Mix(Pale.Red, Strong.Red):X2}{Mix(Pale.Green, Strong.Green):X2}{Mix(Pale.Blue, Strong.Blue):X2}";
    }
}
