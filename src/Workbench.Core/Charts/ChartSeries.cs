using System.Text.Json.Nodes;

namespace Workbench.Charts;

/// <summary>
/// One named row of points of a chart. NaN and infinity are gaps. The x values are numbers, times (drawn in UTC) or
/// category names.
/// </summary>
public sealed record ChartSeries
{
    private ChartSeries(string name, JsonArray x, IEnumerable<double> y)
    {
        Name = name;
        Y = [.. y];
        if (x.Count != Y.Count)
            throw new ArgumentException($"Series '{name}' has {x.Count} x values and {Y.Count} y values; give as many of one as of the other.");
        X = x;
    }

    /// <summary>Points (x, y).</summary>
    /// <exception cref="ArgumentException">There are not as many x values as y values.</exception>
    public ChartSeries(string name, IEnumerable<double> x, IEnumerable<double> y) : this(name, PlotlyText.Numbers(x), y) { }

    /// <summary>Values over time.</summary>
    /// <exception cref="ArgumentException">There are not as many times as values.</exception>
    public ChartSeries(string name, IEnumerable<DateTimeOffset> x, IEnumerable<double> y) : this(name, PlotlyText.Times(x), y) { }

    /// <summary>Values by category.</summary>
    /// <exception cref="ArgumentException">There are not as many categories as values.</exception>
    public ChartSeries(string name, IEnumerable<string> x, IEnumerable<double> y) : this(name, PlotlyText.Texts(x), y) { }

    /// <summary>Values at 1, 2, 3, and so on, such as one loss an epoch.</summary>
    public ChartSeries(string name, IReadOnlyList<double> y) : this(name, Enumerable.Range(1, y.Count).Select(i => (double)i), y) { }

    /// <summary>Name in the legend.</summary>
    public string Name { get; }
    /// <summary>The y values.</summary>
    public IReadOnlyList<double> Y { get; }
    /// <summary>Draws the line dashed: a reference, a target, chance.</summary>
    public bool Dashed { get; init; }

    /// <summary>
    /// One interval a value, in the unit of the y axis, drawn as a bar through the point, as <c>(report.Accuracy.Lower,
    /// report.Accuracy.Upper)</c>; null for none. Lines and scatter charts draw them.
    /// </summary>
    public IReadOnlyList<(double Lower, double Upper)>? Intervals { get; init; }

    internal JsonArray X { get; }
}
