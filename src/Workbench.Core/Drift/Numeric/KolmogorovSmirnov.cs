namespace Workbench.Drift.Numeric;

/// <summary>The two-sample Kolmogorov-Smirnov test.</summary>
internal static class KolmogorovSmirnov
{
    /// <summary>Up to this many rows a side the p-value counts lattice paths; scipy's ks_2samp has the same limit.</summary>
    public const int ExactRows = 10_000;

    /// <summary>D, its p-value, and D as effect size; both samples sorted and not empty.</summary>
    public static DriftMeasure Compare(ReadOnlySpan<double> x, ReadOnlySpan<double> y) => Measure(x.Length, y.Length, LargestGap(x, y));

    /// <summary>The same of merged samples.</summary>
    public static DriftMeasure Compare(MergedValues merged) => Measure(merged.ReferenceCount, merged.CurrentCount, LargestGap(merged));

    /// <summary>D alone.</summary>
    public static double Distance(MergedValues merged) => LargestGap(merged) / ((double)merged.ReferenceCount * merged.CurrentCount);

    private static DriftMeasure Measure(long n, long m, long steps)
    {
        double d = steps / ((double)n * m);
        return new(d, PValue(n, m, steps), d);
    }

    /// <summary>The p-value of D = <paramref name="steps"/> / (n · m), steps being a whole number below 2^53, or one near it.</summary>
    public static double PValue(long n, long m, double steps) => Math.Max(n, m) <= ExactRows
        ? ExactPValue((int)n, (int)m, (long)steps)
        : KolmogorovDistribution.Survival((int)Math.Min(int.MaxValue, Math.Round((double)n * m / (n + m))), steps / ((double)n * m));

    /// <summary>n · m · D as a whole number: max |i·m - j·n| over the points (i, j) that the merged samples pass.</summary>
    public static long LargestGap(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        int i = 0, j = 0;
        long largest = 0;
        while (i < x.Length && j < y.Length)
        {
            double next = Math.Min(x[i], y[j]);
            while (i < x.Length && x[i] == next)
                i++;
            while (j < y.Length && y[j] == next)
                j++;
            largest = Math.Max(largest, Math.Abs((long)i * y.Length - (long)j * x.Length));
        }
        return largest;
    }

    /// <summary>The same of merged samples.</summary>
    public static long LargestGap(MergedValues merged)
    {
        long i = 0, j = 0, largest = 0;
        for (int k = 0; k < merged.Distinct; k++)
        {
            i += merged.Reference[k];
            j += merged.Current[k];
            largest = Math.Max(largest, Math.Abs(i * merged.CurrentCount - j * merged.ReferenceCount));
        }
        return largest;
    }

    /// <summary>
    /// The chance that a random lattice path from (0, 0) to (n, m) touches |i·m - j·n| ≥ <paramref name="steps"/>. Row i keeps
    /// u[j], the chance that a path to (i, j) has touched it; the last step came from (i - 1, j) with chance i / (i + j).
    /// Only sums of positive terms, so a small p-value keeps its relative precision (Schröer and Trenkler 1995, Comput.
    /// Statist. Data Anal. 20, 185-202; R's psmirnov).
    /// </summary>
    public static double ExactPValue(int n, int m, long steps)
    {
        if (steps == 0)
            return 1;
        if ((double)steps / n / m * steps / (n + m) > 370)
            return 0; // below 1e-320
        var u = new double[m + 1];
        Array.Fill(u, 1);
        Array.Clear(u, 0, (int)Math.Min(m, (steps - 1) / n) + 1);
        for (int i = 1; i <= n; i++)
        {
            // Inside: i·m - steps < j·n < i·m + steps.
            int first = (int)Math.Max(0, FloorDivide((long)i * m - steps, n) + 1);
            int last = (int)Math.Min(m, FloorDivide((long)i * m + steps - 1, n));
            double left = first == 0 ? 0 : 1;
            for (int j = first; j <= last; j++)
                u[j] = left = (i * u[j] + j * left) / (i + j);
        }
        return Math.Min(1, u[m]);
    }

    private static long FloorDivide(long a, long b) => a >= 0 ? a / b : -((-a + b - 1) / b);
}
