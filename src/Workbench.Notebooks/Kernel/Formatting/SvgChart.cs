using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Workbench.Notebooks.Kernel.Formatting;

/// <summary>
/// Draws the common Plotly figures as a still SVG, for front ends without plotly.js: lines, points, bars and histograms on
/// one pair of axes.
/// </summary>
internal sealed class SvgChart
{
    private const int Width = 720;
    private const int MaximumMarks = 4000;
    private const int Top = 56;

    private static readonly string[] DefaultColours = ["#636efa", "#EF553B", "#00cc96", "#ab63fa", "#FFA15A", "#19d3f3", "#FF6692", "#B6E880", "#FF97FF", "#FECB52"];

    private readonly StringBuilder _svg = new();
    private readonly JsonObject _layout;
    private readonly List<(JsonObject Trace, string Colour, string Name)> _traces;
    private readonly int _height;
    private readonly int _left;
    private readonly int _right;
    private readonly SvgAxis _x;
    private readonly SvgAxis _y;

    private SvgChart(JsonObject layout, List<JsonObject> traces)
    {
        _layout = layout;
        _height = (int)Math.Clamp(SvgAxis.Number(layout["height"]) ?? 400, 160, 1200);
        _traces = traces.Select((trace, index) => (trace, Colour(trace, index), Plain(trace["name"]?.ToString() ?? $"trace {index}"))).ToList();
        _right = ShowsLegend ? Width - 20 - Math.Min(220, 34 + 7 * _traces.Max(one => one.Name.Length)) : Width - 24;
        int longest = traces.SelectMany(trace => Items(trace, "y")).Where(value => value is not null && SvgAxis.Number(value) is null).Select(value => value!.ToString().Length).DefaultIfEmpty().Max(); // nulls are filtered out
        _left = Math.Clamp(30 + 7 * longest, 72, 230);
        _x = new(Axis("xaxis"), traces.SelectMany(trace => Items(trace, "x")).ToList(), _left, _right);
        _y = new(Axis("yaxis"), traces.SelectMany(trace => Items(trace, "y")).ToList(), _height - 60, Top);
    }

    /// <summary>Trace types of the figure that this cannot draw.</summary>
    public static IReadOnlyList<string> Unknown(JsonObject figure) => Traces(figure).Select(Kind).Where(kind => kind is not ("scatter" or "scattergl" or "bar")).Distinct()
        .Concat((figure["layout"] as JsonObject ?? []).Any(entry => entry.Key is "xaxis2" or "yaxis2") ? ["several axes"] : []).ToList();

    /// <summary>The figure as an svg element; null when it holds something unknown or nothing.</summary>
    public static string? Draw(JsonObject figure)
    {
        var traces = Traces(figure).Where(trace => trace["visible"]?.ToString() is not ("False" or "false" or "legendonly")).Select(SvgHistogram.AsBars).ToList();
        if (traces.Count == 0 || Unknown(new JsonObject { ["data"] = new JsonArray(traces.Select(trace => trace.DeepClone()).ToArray()), ["layout"] = figure["layout"]?.DeepClone() }).Count > 0)
            return null;
        return new SvgChart(figure["layout"] as JsonObject ?? [], traces).Draw();
    }

    private static IEnumerable<JsonObject> Traces(JsonObject figure) => (figure["data"] as JsonArray ?? []).OfType<JsonObject>();

    private static string Kind(JsonObject trace) => trace["type"]?.ToString() ?? "scatter";

    private bool ShowsLegend => _layout["showlegend"]?.ToString() is { } shown ? shown.Equals("true", StringComparison.OrdinalIgnoreCase) : _traces.Count > 1;

    private string Draw()
    {
        var bars = _traces.Where(one => Kind(one.Trace) == "bar").Select(one => new SvgBars(one.Trace, one.Colour, _x, _y)).ToList();
        var mode = _layout["barmode"]?.ToString() ?? "group";
        SvgBars.Arrange(bars, mode);
        foreach (var bar in bars)
            bar.Include();
        var lines = _traces.Where(one => Kind(one.Trace) != "bar").Select(one => (one.Trace, one.Colour, Points: Points(one.Trace))).ToList();
        foreach (var (x, y) in lines.SelectMany(line => line.Points).OfType<(double X, double Y)>())
        {
            _x.Include(x);
            _y.Include(y);
        }
        _x.Fit(roomBelow: bars.Count == 0 || !bars[0].IsHorizontal);
        _y.Fit(roomBelow: bars.Count == 0 || bars[0].IsHorizontal);
        Frame();
        foreach (var rectangle in bars.SelectMany(bar => bar.Rectangles()).Take(MaximumMarks))
            _svg.Append(rectangle);
        foreach (var line in lines)
            Line(line.Trace, line.Colour, line.Points);
        Marks();
        Legend();
        return _svg.Append("</g></svg>").ToString();
    }

    private List<(double X, double Y)?> Points(JsonObject trace)
    {
        var (xs, ys) = (Items(trace, "x"), Items(trace, "y"));
        return ys.Select((y, index) => _y.Value(y) is { } vertical && (xs.Count == 0 ? index : _x.Value(xs.ElementAtOrDefault(index))) is { } horizontal ? (horizontal, vertical) : ((double, double)?)null).ToList();
    }

    private void Frame()
    {
        var (paper, text) = (_layout["paper_bgcolor"]?.ToString() ?? "#fff", _layout["font"]?["color"]?.ToString() ?? "#2a3f5f");
        var title = Plain((_layout["title"] is JsonObject rich ? rich["text"] : _layout["title"])?.ToString() ?? "");
        _svg.Append(Invariant($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {_height}\" width=\"{Width}\" role=\"img\" aria-label=\"{Encode(title)}\" style=\"max-width:100%;height:auto\"><g font-family=\"system-ui,sans-serif\" font-size=\"12\" fill=\"{Encode(text)}\"><rect width=\"{Width}\" height=\"{_height}\" fill=\"{Encode(paper)}\"/>"));
        _svg.Append($"<text x=\"{_left}\" y=\"28\" font-size=\"16\">{Encode(title)}</text>");
        foreach (var (value, label) in _x.Ticks())
        {
            var x = Invariant($"{_x.Pixel(value):F1}");
            _svg.Append($"<path d=\"M{x} {Top}V{_height - 60}\" stroke=\"#8883\"/>");
            _svg.Append(label.Length > 12 || _x.IsCategory && _x.Ticks().Count * label.Length * 7 > _right - _left
                ? $"<text x=\"{x}\" y=\"{_height - 46}\" text-anchor=\"end\" font-size=\"11\" transform=\"rotate(-25 {x} {_height - 46})\">{Encode(Cut(label, 18))}</text>"
                : $"<text x=\"{x}\" y=\"{_height - 44}\" text-anchor=\"middle\">{Encode(label)}</text>");
        }
        foreach (var (value, label) in _y.Ticks())
            _svg.Append(Invariant($"<path d=\"M{_left} {_y.Pixel(value):F1}H{_right}\" stroke=\"#8883\"/><text x=\"{_left - 6}\" y=\"{_y.Pixel(value) + 4:F1}\" text-anchor=\"end\">{Encode(Cut(label, 28))}</text>"));
        _svg.Append($"<text x=\"{(_left + _right) / 2}\" y=\"{_height - 10}\" text-anchor=\"middle\">{Encode(AxisTitle("xaxis"))}</text>");
        _svg.Append($"<text x=\"14\" y=\"{(Top + _height - 60) / 2}\" text-anchor=\"middle\" transform=\"rotate(-90 14 {(Top + _height - 60) / 2})\">{Encode(AxisTitle("yaxis"))}</text>");
    }

    private void Line(JsonObject trace, string colour, List<(double X, double Y)?> points)
    {
        var mode = trace["mode"]?.ToString() ?? (points.Count < 20 ? "lines+markers" : "lines");
        int stride = Math.Max(1, points.Count / MaximumMarks);
        var drawn = points.Where((_, index) => index % stride == 0 || index == points.Count - 1).ToList();
        if (mode.Contains("lines", StringComparison.Ordinal))
        {
            var path = new StringBuilder();
            bool pen = false;
            foreach (var point in drawn)
            {
                if (point is { } at)
                    path.Append(Invariant($"{(pen ? 'L' : 'M')}{_x.Pixel(at.X):F1} {_y.Pixel(at.Y):F1}"));
                pen = point is not null;
            }
            var dash = trace["line"]?["dash"]?.ToString() switch { "dash" => " stroke-dasharray=\"6 4\"", "dot" => " stroke-dasharray=\"2 3\"", _ => "" };
            _svg.Append($"<path d=\"{path}\" fill=\"none\" stroke=\"{Encode(trace["line"]?["color"]?.ToString() ?? colour)}\" stroke-width=\"2\"{dash}/>");
        }
        if (mode.Contains("markers", StringComparison.Ordinal))
            foreach (var at in drawn.OfType<(double X, double Y)>())
                _svg.Append(Invariant($"<circle cx=\"{_x.Pixel(at.X):F1}\" cy=\"{_y.Pixel(at.Y):F1}\" r=\"3\" fill=\"{Encode(colour)}\"/>"));
    }

    // Marker lines and texts of the layout: limits and events.
    private void Marks()
    {
        foreach (var shape in (_layout["shapes"] as JsonArray ?? []).OfType<JsonObject>().Where(shape => shape["type"]?.ToString() == "line"))
            if (X(shape, "x0", "xref") is { } x0 && X(shape, "x1", "xref") is { } x1 && Y(shape, "y0", "yref") is { } y0 && Y(shape, "y1", "yref") is { } y1)
                _svg.Append(Invariant($"<path d=\"M{x0:F1} {y0:F1}L{x1:F1} {y1:F1}\" stroke=\"{Encode(shape["line"]?["color"]?.ToString() ?? "#444")}\" stroke-dasharray=\"5 4\"/>"));
        foreach (var note in (_layout["annotations"] as JsonArray ?? []).OfType<JsonObject>())
            if (X(note, "x", "xref") is { } x && Y(note, "y", "yref") is { } y)
                _svg.Append(Invariant($"<text x=\"{x:F1}\" y=\"{y - 4:F1}\" font-size=\"11\" text-anchor=\"{(note["xanchor"]?.ToString() switch { "right" => "end", "left" => "start", _ => "middle" })}\" fill=\"{Encode(note["font"]?["color"]?.ToString() ?? "#444")}\">{Encode(Plain(note["text"]?.ToString() ?? ""))}</text>"));
    }

    private double? X(JsonObject item, string name, string reference) => item[reference]?.ToString() == "paper"
        ? SvgAxis.Number(item[name]) * (_right - _left) + _left : _x.Value(item[name]) is { } value ? _x.Pixel(value) : null;

    private double? Y(JsonObject item, string name, string reference) => item[reference]?.ToString() == "paper"
        ? _height - 60 - SvgAxis.Number(item[name]) * (_height - 60 - Top) : _y.Value(item[name]) is { } value ? _y.Pixel(value) : null;

    private void Legend()
    {
        if (!ShowsLegend)
            return;
        int y = Top + 8;
        foreach (var (_, colour, name) in _traces.TakeWhile(_ => y < _height - 40))
        {
            _svg.Append($"<rect x=\"{_right + 12}\" y=\"{y - 9}\" width=\"12\" height=\"10\" fill=\"{Encode(colour)}\"/><text x=\"{_right + 29}\" y=\"{y}\">{Encode(Cut(name, 27))}</text>");
            y += 18;
        }
    }

    private static string Colour(JsonObject trace, int index) =>
        (trace["marker"]?["color"] as JsonValue)?.ToString() is { } marker && !double.TryParse(marker, out _) ? marker
        : (trace["line"]?["color"] as JsonValue)?.ToString() ?? DefaultColours[index % DefaultColours.Length];

    private JsonObject Axis(string name) => _layout[name] as JsonObject ?? [];

    private string AxisTitle(string name) => Plain((Axis(name)["title"] is JsonObject rich ? rich["text"] : Axis(name)["title"])?.ToString() ?? "");

    public static JsonArray Items(JsonObject trace, string name) => trace[name] as JsonArray ?? [];

    // plotly.js reads a few tags and entities in its texts.
    private static string Plain(string text) => WebUtility.HtmlDecode(text.Replace("<br>", " ", StringComparison.OrdinalIgnoreCase).Replace("<b>", "", StringComparison.Ordinal).Replace("</b>", "", StringComparison.Ordinal));

    private static string Cut(string text, int length) => TableHtml.Cut(text, length);

    internal static string Encode(string text) => WebUtility.HtmlEncode(text);

    internal static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
