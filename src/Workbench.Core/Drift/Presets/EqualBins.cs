using Workbench.Drift.Numeric;

namespace Workbench.Drift.Presets;

/// <summary>Bins of equal width as numpy makes and fills them (histogram_bin_edges and histogram of numpy 1.24): closed to the left, the last one on both sides.</summary>
internal static class EqualBins
{
    /// <summary>Edges from low to high, as numpy's linspace computes them; a single value gets a width of 1.</summary>
    public static double[] Edges(double low, double high, int bins)
    {
        if (low == high)
            (low, high) = (low - 0.5, high + 0.5);
        double step = (high - low) / bins;
        var edges = new double[bins + 1];
        for (int i = 0; i < bins; i++)
            edges[i] = i * step + low;
        edges[bins] = high;
        return edges;
    }

    /// <summary>Sturges' rule: bins of width range / (log2 N + 1).</summary>
    public static int Sturges(double range, double count) => Bins(range, range / (Math.Log2(count) + 1));

    /// <summary>Doane's rule (1976, Amer. Statist. 30, 181-183), which gives skewed values more bins.</summary>
    public static int Doane(IOrderedValues values)
    {
        double n = values.Count, range = values.At(values.Count - 1) - values.At(0);
        if (n <= 2 || values.StandardDeviation == 0)
            return 1;
        double deviation = Math.Sqrt(6 * (n - 2) / ((n + 1) * (n + 3)));
        return Bins(range, range / (1 + Math.Log2(n) + Math.Log2(1 + Math.Abs(values.Skewness) / deviation)));
    }

    /// <summary>Rows in each bin; what lies outside is not counted.</summary>
    public static long[] Count(IOrderedValues values, double[] edges)
    {
        var counts = new long[edges.Length - 1];
        long before = values.Below(edges[0]);
        for (int i = 0; i < counts.Length; i++)
        {
            long below = values.Below(i + 1 < counts.Length ? edges[i + 1] : double.BitIncrement(edges[i + 1]));
            counts[i] = below - before;
            before = below;
        }
        return counts;
    }

    private static int Bins(double range, double width) => width > 0 ? (int)Math.Ceiling(range / width) : 1;
}
