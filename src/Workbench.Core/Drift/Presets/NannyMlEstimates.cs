using Workbench.Drift.Numeric;

namespace Workbench.Drift.Presets;

/// <summary>What NannyML computes from 10,000 bins of equal width once the reference has 10,000 rows; null below that, where it is exact.</summary>
internal static class NannyMlEstimates
{
    private const long ExactRows = 10_000;
    private const int BinCount = 10_000;

    /// <summary>The largest gap of both distribution functions at the edges.</summary>
    public static double? KolmogorovSmirnov(IOrderedValues reference, IOrderedValues current)
    {
        if (reference.Count < ExactRows)
            return null;
        var (edges, f, g) = Cumulative(reference, current);
        double below = (double)current.Below(edges[0]) / current.Count;
        return Enumerable.Range(0, BinCount).Max(i => Math.Abs(f[i] - g[i] - below));
    }

    /// <summary>The area between both distribution functions: by bins inside the reference's range, exact outside it.</summary>
    public static double? Wasserstein(IOrderedValues reference, IOrderedValues current)
    {
        if (reference.Count < ExactRows)
            return null;
        var (edges, f, g) = Cumulative(reference, current);
        long smaller = current.Below(edges[0]), notLarger = current.Below(double.BitIncrement(edges[^1])), m = current.Count;
        // Its own count of the smaller rows has one too many.
        double below = smaller > 0 ? (smaller + 1.0) / m : 0, sum = 0;
        for (int i = 0; i < BinCount; i++)
            sum += Math.Abs(f[i] - g[i] - below);
        return sum * (edges[1] - edges[0]) + Outside(current, 0, smaller, edges[0]) / m + Outside(current, notLarger, m, edges[^1]) / m;
    }

    // The sum of the distances of these rows from an end of the range.
    private static double Outside(IOrderedValues values, long from, long to, double end)
    {
        double sum = 0;
        for (long i = from; i < to; i++)
            sum += Math.Abs(values.At(i) - end);
        return sum;
    }

    // Shares of the rows in the bins up to and with each.
    private static (double[] Edges, double[] Reference, double[] Current) Cumulative(IOrderedValues reference, IOrderedValues current)
    {
        double[] edges = EqualBins.Edges(reference.At(0), reference.At(reference.Count - 1), BinCount);
        return (edges, Shares(reference, edges), Shares(current, edges));
    }

    private static double[] Shares(IOrderedValues values, double[] edges)
    {
        long sum = 0;
        return EqualBins.Count(values, edges).Select(rows => (double)(sum += rows) / values.Count).ToArray();
    }
}
