using MathNet.Numerics;

namespace Workbench.Drift.Numeric;

/// <summary>
/// The exact distribution of the Cramér-von Mises statistic over all orders of few rows (the recursion of Burr 1963, Ann.
/// Math. Statist. 34, 1091-1101, extended to ties: a step passes all rows of a value).
/// </summary>
internal static class CramerVonMisesCount
{
    /// <summary>P(T ≥ the observed one), given the ties.</summary>
    public static double PValue(MergedValues merged)
    {
        int n = (int)merged.ReferenceCount, m = (int)merged.CurrentCount;
        int[] rows = merged.Reference.Zip(merged.Current, (a, b) => (int)(a + b)).ToArray();
        long observed = 0;
        for (int k = 0, i = 0, up = 0; k < rows.Length; k++)
        {
            i += (int)merged.Reference[k];
            up += rows[k];
            observed += rows[k] * Square((n + m) * i - n * up);
        }
        return Upper(n, m, rows, observed);
    }

    /// <summary>P(T ≥ that of <paramref name="u"/>) without ties, where u is Anderson's U, rounded down as scipy does.</summary>
    public static double PValueOfRanks(double u, int n, int m)
    {
        // T = U / (nm N) - (4nm - 1) / (6N) = sum / (N² nm); the sums of orders without ties are multiples of unit.
        double product = (double)n * m, sum = (n + m) * (u - product * (4 * product - 1) / 6);
        long divisor = (long)Euclid.GreatestCommonDivisor(n, m), unit = divisor * divisor;
        return Upper(n, m, Enumerable.Repeat(1, n + m).ToArray(), (long)Math.Floor(sum / unit + 1e-9) * unit);
    }

    // The sum Σ h (N i - n C)² of a path decides; what has reached the observed sum needs no further telling apart.
    private static double Upper(int n, int m, int[] rows, long observed)
    {
        if (observed <= 0)
            return 1;
        var paths = new Dictionary<long, double>?[n + 1];
        paths[0] = new() { [0] = 1 };
        double reached = 0;
        int up = 0;
        for (int k = 0; k < rows.Length; k++)
        {
            var next = new Dictionary<long, double>?[n + 1];
            for (int i = 0; i <= n; i++)
                if (paths[i] is { } from)
                    for (int step = Math.Max(0, rows[k] - (m - up + i)); step <= Math.Min(rows[k], n - i); step++)
                    {
                        double chance = Chance(n - i, m - up + i, rows[k], step);
                        long added = rows[k] * Square((n + m) * (i + step) - n * (up + rows[k]));
                        var to = next[i + step] ??= [];
                        foreach (var (sum, weight) in from)
                            if (sum + added >= observed)
                                reached += weight * chance;
                            else
                                to[sum + added] = to.GetValueOrDefault(sum + added) + weight * chance;
                    }
            up += rows[k];
            paths = next;
        }
        return Math.Min(1, reached);
    }

    // Of the rows that are left, `reference` and `current`, `drawn` come next: the chance that `step` of them are reference rows.
    private static double Chance(int reference, int current, int drawn, int step)
    {
        double chance = 1;
        // C(drawn, step) · reference!/(reference-step)! · current!/(current-drawn+step)! / (total!/(total-drawn)!)
        for (int i = 0; i < step; i++)
            chance *= (double)(reference - i) * (drawn - i) / ((reference + current - i) * (i + 1.0));
        for (int i = 0; i < drawn - step; i++)
            chance *= (double)(current - i) / (reference + current - step - i);
        return chance;
    }

    private static long Square(long x) => x * x;
}
