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

    /// <summary>n + 1 edges of n bins of equal width over finite numbers; a constant is put into the middle of a width of 1.</summary>
    public static IReadOnlyList<double> EqualWidth(IEnumerable<double> values, int bins)
    {
        double least = double.PositiveInfinity, most = double.NegativeInfinity;
        foreach (double value in values)
            (least, most) = (Math.Min(least, value), Math.Max(most, value));
        if (least == most)
            (least, most) = (least - 0.5, most + 0.5);
        return [.. Enumerable.Range(0, bins + 1).Select(i => i == bins ? most : least + i * ((most - least) / bins))];
    }

    /// <summary>Share of the values in each bin, lower edge included, the last bin with its upper edge; the values lie within the edges.</summary>
    public static IReadOnlyList<double> Shares(IReadOnlyList<double> values, IReadOnlyList<double> edges)
    {
        var shares = new double[edges.Count - 1];
        double width = (edges[^1] - edges[0]) / shares.Length;
        foreach (double value in values)
            shares[Math.Clamp((int)((value - edges[0]) / width), 0, shares.Length - 1)] += 1.0 / values.Count;
        return shares;
    }

    private static double InnerWidth(double[] edges, int bin)
    {
        double width = bin >= 0 && bin + 1 < edges.Length ? edges[bin + 1] - edges[bin] : 1;
        return double.IsFinite(width) && width > 0 ? width : 1;
    }
}
