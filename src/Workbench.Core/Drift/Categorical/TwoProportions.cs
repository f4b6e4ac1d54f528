using Workbench.Drift.Numeric;

namespace Workbench.Drift.Categorical;

/// <summary>
/// The test of two shares of one category. The effect size is their difference, current less reference, with the interval that
/// Newcombe builds from Wilson's (1998, Statist. Med. 17, 873-890, method 10).
/// </summary>
internal static class TwoProportions
{
    /// <summary>Of the category that most reference rows have, and among those of the first.</summary>
    public static DriftMeasure OfLargest(CategoryPair pair)
    {
        int largest = Array.IndexOf(pair.Counts.Reference, pair.Counts.Reference.Max());
        var measure = Compare(pair.Counts.Reference[largest], pair.Counts.ReferenceTotal, pair.Counts.Current[largest], pair.Counts.CurrentTotal);
        return pair.Names.Count <= 2 ? measure : measure with { Note = $"The share of '{pair.Names[largest]}' against all {pair.Names.Count - 1} others." };
    }

    /// <summary>z = (q - p) / √(P (1 - P) (1/n + 1/m)) with the share P of both sides together.</summary>
    public static DriftMeasure Compare(long reference, long n, long current, long m)
    {
        double p = (double)reference / n, q = (double)current / m, both = ((double)reference + current) / ((double)n + m);
        var confidence = Newcombe(p, n, q, m);
        if (both is 0 or 1)
            return new(0, 1, 0, "All rows agree.") { Confidence = confidence };
        double z = (q - p) / Math.Sqrt(both * (1 - both) * (1.0 / n + 1.0 / m));
        return new(z, NormalDistribution.TwoSided(z), q - p) { Confidence = confidence };
    }

    private static (double, double) Newcombe(double p, long n, double q, long m)
    {
        var (pLow, pHigh) = Wilson(p, n);
        var (qLow, qHigh) = Wilson(q, m);
        return (q - p - Math.Sqrt(Square(q - qLow) + Square(pHigh - p)), q - p + Math.Sqrt(Square(qHigh - q) + Square(p - pLow)));
    }

    // Wilson 1927, J. Amer. Statist. Assoc. 22, 209-212.
    private static (double Low, double High) Wilson(double share, double n)
    {
        const double square = NormalDistribution.Z95 * NormalDistribution.Z95;
        double width = NormalDistribution.Z95 * Math.Sqrt(share * (1 - share) * n + square / 4);
        return ((share * n + square / 2 - width) / (n + square), (share * n + square / 2 + width) / (n + square));
    }

    private static double Square(double x) => x * x;
}
