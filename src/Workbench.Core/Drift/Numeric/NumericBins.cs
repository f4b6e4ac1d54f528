namespace Workbench.Drift.Numeric;

/// <summary>Bins [edge i, edge i+1) over sorted values; the first bin is open to the left, the last to the right.</summary>
internal static class NumericBins
{
    /// <summary>
    /// Inner edges at the quantiles 1/parts, 2/parts, and so on of sorted values, and at both sides of the smallest and the
    /// largest value, so that what lies outside has its own bins. A value that is two quantiles at once, such as 0 in a column of
    /// mostly zeros, gets a bin for itself.
    /// </summary>
    public static double[] ByQuantiles(IOrderedValues values, int parts)
    {
        double previous = values.At(0);
        var edges = new SortedSet<double> { previous, double.BitIncrement(values.At(values.Count - 1)) };
        for (int i = 1; i < parts; i++)
        {
            double quantile = values.At(i * values.Count / parts);
            edges.Add(quantile);
            if (quantile == previous)
                edges.Add(double.BitIncrement(quantile));
            previous = quantile;
        }
        return [.. edges];
    }

    /// <summary>Both sides in the bins that split the reference into <paramref name="parts"/> equal parts.</summary>
    public static ShareTable ByQuantiles(IOrderedValues reference, IOrderedValues current, int parts)
    {
        double[] edges = ByQuantiles(reference, parts);
        return new(Count(reference, edges), Count(current, edges));
    }

    /// <summary>
    /// Edges for a picture: bins of equal width over the middle 99 % of both sides, as many as Sturges' rule says (log2 N + 1,
    /// Sturges 1926), at most 30. The outermost bins also hold what lies outside. One distinct value gives one bin of width 1.
    /// </summary>
    public static double[] ForChart(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double low = Math.Min(Quantile(x, 0.005), Quantile(y, 0.005)), high = Math.Max(Quantile(x, 0.995), Quantile(y, 0.995));
        return ForChart(low, high, Math.Min(x[0], y[0]), Math.Max(x[^1], y[^1]), (double)x.Length + y.Length);
    }

    /// <summary>The same from the middle's ends, the range and the number of values of both sides.</summary>
    public static double[] ForChart(double low, double high, double min, double max, double count)
    {
        if (low == high)
            (low, high) = (min, max);
        if (!(high - low > 0 && double.IsFinite(high - low)))
            return [low - 0.5, low + 0.5];
        int bins = (int)Math.Clamp(Math.Ceiling(Math.Log2(count)) + 1, 2, 30);
        return Enumerable.Range(0, bins + 1).Select(i => low + (high - low) * i / bins).ToArray();
    }

    /// <summary>Values in each of the bins that inner <paramref name="edges"/> make: one more than edges.</summary>
    public static long[] Count(IOrderedValues values, double[] edges)
    {
        var counts = new long[edges.Length + 1];
        long before = 0;
        for (int i = 0; i < edges.Length; i++)
        {
            long below = values.Below(edges[i]);
            counts[i] = below - before;
            before = below;
        }
        counts[^1] = values.Count - before;
        return counts;
    }

    /// <summary>The same of a sorted sample.</summary>
    public static long[] Count(ReadOnlySpan<double> sorted, ReadOnlySpan<double> edges)
    {
        var counts = new long[edges.Length + 1];
        int before = 0;
        for (int i = 0; i < edges.Length; i++)
        {
            int below = Below(sorted, edges[i]);
            counts[i] = below - before;
            before = below;
        }
        counts[^1] = sorted.Length - before;
        return counts;
    }

    private static double Quantile(ReadOnlySpan<double> sorted, double share) => sorted[(int)(share * (sorted.Length - 1))];

    /// <summary>Values below <paramref name="edge"/>.</summary>
    public static int Below(ReadOnlySpan<double> sorted, double edge)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = (int)(((uint)low + (uint)high) / 2);
            if (sorted[middle] < edge)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
