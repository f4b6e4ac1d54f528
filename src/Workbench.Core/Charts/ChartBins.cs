namespace Workbench.Charts;

/// <summary>Bin edges as they can be drawn.</summary>
internal static class ChartBins
{
    /// <summary>Edges with an infinite outer one replaced, so that its bin is as wide as its inner neighbour (or 1 when it has none).</summary>
    public static IReadOnlyList<double> Drawable(IReadOnlyList<double> edges)
    {
        var drawn = edges.ToArray();
        int last = drawn.Length - 1;
        if (double.IsInfinity(drawn[last]))
            drawn[last] = double.IsFinite(drawn[last - 1]) ? drawn[last - 1] + InnerWidth(drawn, last - 2) : 1;
        if (double.IsInfinity(drawn[0]))
            drawn[0] = drawn[1] - InnerWidth(drawn, 1);
        return drawn;
    }

    private static double InnerWidth(double[] edges, int bin)
    {
        double width = bin >= 0 && bin + 1 < edges.Length ? edges[bin + 1] - edges[bin] : 1;
        return double.IsFinite(width) && width > 0 ? width : 1;
    }
}
