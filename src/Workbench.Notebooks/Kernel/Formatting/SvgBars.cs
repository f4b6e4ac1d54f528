using System.Text.Json.Nodes;

namespace Workbench.Notebooks.Kernel.Formatting;

/// <summary>The bars of one trace.</summary>
internal sealed class SvgBars(JsonObject trace, string colour, SvgAxis x, SvgAxis y)
{
    private readonly List<(double Place, double From, double To, double Width, int Index)> _bars = [];

    public bool IsHorizontal { get; } = trace["orientation"]?.ToString() == "h";

    private SvgAxis Places => IsHorizontal ? y : x;

    private SvgAxis Lengths => IsHorizontal ? x : y;

    /// <summary>Puts the bars of all traces beside, upon or over each other.</summary>
    public static void Arrange(List<SvgBars> all, string mode)
    {
        bool stacks = mode is "stack" or "relative";
        int lanes = mode == "group" ? all.Count : 1;
        var tops = new Dictionary<(double Place, bool Negative), double>();
        for (int lane = 0; lane < all.Count; lane++)
            all[lane].Place(lanes == 1 ? 0 : lane, lanes, stacks ? tops : null);
    }

    public void Include()
    {
        Lengths.Include(0);
        foreach (var bar in _bars)
        {
            Lengths.Include(bar.From);
            Lengths.Include(bar.To);
            Places.Include(bar.Place - bar.Width / 2);
            Places.Include(bar.Place + bar.Width / 2);
        }
    }

    public IEnumerable<string> Rectangles()
    {
        var opacity = SvgAxis.Number(trace["opacity"]) ?? 1;
        var colours = trace["marker"]?["color"] as JsonArray;
        foreach (var bar in _bars)
        {
            var (a, b) = (Places.Pixel(bar.Place - bar.Width / 2), Places.Pixel(bar.Place + bar.Width / 2));
            var (c, d) = (Lengths.Pixel(bar.From), Lengths.Pixel(bar.To));
            var (left, width, top, height) = IsHorizontal ? (Math.Min(c, d), Math.Abs(d - c), Math.Min(a, b), Math.Abs(b - a)) : (Math.Min(a, b), Math.Abs(b - a), Math.Min(c, d), Math.Abs(d - c));
            var fill = colours?.ElementAtOrDefault(bar.Index)?.ToString() is { } own && SvgAxis.Number(own) is null ? own : colour;
            yield return SvgChart.Invariant($"<rect x=\"{left:F1}\" y=\"{top:F1}\" width=\"{width:F1}\" height=\"{height:F1}\" fill=\"{SvgChart.Encode(fill)}\" fill-opacity=\"{opacity}\"/>");
        }
    }

    private void Place(int lane, int lanes, Dictionary<(double Place, bool Negative), double>? tops)
    {
        var (places, lengths, widths) = (SvgChart.Items(trace, IsHorizontal ? "y" : "x"), SvgChart.Items(trace, IsHorizontal ? "x" : "y"), SvgChart.Items(trace, "width"));
        var known = Enumerable.Range(0, lengths.Count).Select(index => places.Count == 0 ? index : Places.Value(places.ElementAtOrDefault(index))).ToList();
        double gap = known.OfType<double>().Distinct().Order().ToList() is { Count: > 1 } sorted ? sorted.Zip(sorted.Skip(1), (a, b) => b - a).Min() : 1;
        for (int index = 0; index < lengths.Count; index++)
        {
            if (known[index] is not { } place || Lengths.Value(lengths[index]) is not { } length)
                continue;
            double width = SvgAxis.Number(widths.ElementAtOrDefault(index)) ?? gap * 0.8 / lanes;
            double centre = lanes == 1 ? place : place + (lane - (lanes - 1) / 2d) * width;
            double from = tops?.GetValueOrDefault((place, length < 0)) ?? 0;
            _bars.Add((centre, from, from + length, width, index));
            if (tops is not null)
                tops[(place, length < 0)] = from + length;
        }
    }
}
