namespace Workbench.Drift.Numeric;

/// <summary>
/// The Mann-Whitney test, positive when current values tend to be larger. The effect size is Cliff's delta, P(current &gt;
/// reference) - P(current &lt; reference), with the interval of Cliff (1996, Ordinal Methods for Behavioral Data Analysis,
/// eq. 5.16).
/// </summary>
internal static class RankSum
{
    // Up to these sizes, and without ties, the p-value counts orders. scipy counts for every size of the larger side.
    private const long ExactSmaller = 8;
    private const long ExactProduct = 4000;

    /// <summary>Two-sided; the statistic is U in standard deviations from its mean, tie-corrected.</summary>
    public static DriftMeasure TwoSided(MergedValues merged)
    {
        var rank = Rank(merged);
        if (rank.Deviation == 0)
            return new(0, 1, 0, "All values are equal.");
        double z = (rank.U - rank.Mean) / rank.Deviation;
        double pValue = 2 * Upper(merged, rank, Math.Max(rank.U, 2 * rank.Mean - rank.U));
        return new(z, Math.Min(1, pValue), rank.U / rank.Mean - 1) { Confidence = Interval(merged, rank.U / rank.Mean - 1) };
    }

    /// <summary>One-sided: small p-values only where current values are the larger ones.</summary>
    public static DriftMeasure Greater(MergedValues merged)
    {
        var rank = Rank(merged);
        return rank.Deviation == 0
            ? new(0, 1, 0, "All values are equal.")
            : new((rank.U - rank.Mean) / rank.Deviation, Upper(merged, rank, rank.U), rank.U / rank.Mean - 1);
    }

    // U counts the pairs in which the current value is the larger, ties half.
    private static (double U, double Mean, double Deviation, bool HasTies) Rank(MergedValues merged)
    {
        double n = merged.ReferenceCount, m = merged.CurrentCount, total = n + m, u = 0, ties = 0;
        long below = 0;
        for (int k = 0; k < merged.Distinct; k++)
        {
            double both = merged.Reference[k] + (double)merged.Current[k];
            u += merged.Current[k] * (below + 0.5 * merged.Reference[k]);
            ties += both * (both * both - 1);
            below += merged.Reference[k];
        }
        double variance = n * m / 12 * (total + 1 - ties / (total * (total - 1)));
        // Rounding must not leave a spread where all values are equal.
        return (u, n * m / 2, merged.Distinct < 2 ? 0 : Math.Sqrt(Math.Max(0, variance)), ties > 0);
    }

    // P(U ≥ u), by counting or with continuity correction.
    private static double Upper(MergedValues merged, (double U, double Mean, double Deviation, bool HasTies) rank, double u)
    {
        long n = merged.ReferenceCount, m = merged.CurrentCount;
        return !rank.HasTies && Math.Min(n, m) <= ExactSmaller && n * m <= ExactProduct
            ? Exact((int)Math.Min(n, m), (int)Math.Max(n, m), (int)u)
            : NormalDistribution.Survival((u - rank.Mean - 0.5) / rank.Deviation);
    }

    /// <summary>
    /// P(U ≥ u) without ties. f(i, j) is the distribution of U for i and j rows: the largest row is one of the i, which then
    /// exceeds all j, with chance i / (i + j), or one of the j (Mann and Whitney 1947, Ann. Math. Statist. 18, 50-60).
    /// </summary>
    private static double Exact(int n, int m, int u)
    {
        var previous = Enumerable.Range(0, m + 1).Select(_ => new double[] { 1 }).ToArray();
        for (int i = 1; i <= n; i++)
        {
            var row = new double[m + 1][];
            row[0] = [1];
            for (int j = 1; j <= m; j++)
            {
                var chances = new double[i * j + 1];
                for (int k = 0; k < previous[j].Length; k++)
                    chances[k + j] += previous[j][k] * i / (i + j);
                for (int k = 0; k < row[j - 1].Length; k++)
                    chances[k] += row[j - 1][k] * j / (i + j);
                row[j] = chances;
            }
            previous = row;
        }
        return Math.Min(1, previous[m].Skip(u).Sum()); // all of them may add up to a hair more
    }

    private static (double, double)? Interval(MergedValues merged, double delta)
    {
        double n = merged.ReferenceCount, m = merged.CurrentCount;
        if (Math.Min(n, m) < 2)
            return null;
        double ofReference = 0, ofCurrent = 0, ties = 0;
        long referenceBelow = 0, currentBelow = 0;
        for (int k = 0; k < merged.Distinct; k++)
        {
            long a = merged.Reference[k], b = merged.Current[k];
            // Dominance of each row: share of the other side above it less the share below it, seen from the current side.
            double row = (merged.CurrentCount - currentBelow - b - currentBelow) / m - delta;
            double column = (referenceBelow - (merged.ReferenceCount - referenceBelow - a)) / n - delta;
            ofReference += a * row * row;
            ofCurrent += b * column * column;
            ties += a * (double)b;
            (referenceBelow, currentBelow) = (referenceBelow + a, currentBelow + b);
        }
        double ofPairs = n * m * (1 - delta * delta) - ties;
        double variance = (m * m * ofReference + n * n * ofCurrent - ofPairs) / (n * m * (n - 1) * (m - 1));
        variance = Math.Max(variance, (1 - delta * delta) / (n * m - 1));
        double square = NormalDistribution.Z95 * NormalDistribution.Z95 * variance, centre = delta - delta * delta * delta;
        double width = Math.Sqrt(square * ((1 - delta * delta) * (1 - delta * delta) + square)), scale = 1 - delta * delta + square;
        return scale > 0 ? (Math.Max(-1, (centre - width) / scale), Math.Min(1, (centre + width) / scale)) : null; // it says nothing when the sides do not overlap
    }
}
