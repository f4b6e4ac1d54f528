namespace Workbench.Drift.Numeric;

/// <summary>The first Wasserstein distance of two samples.</summary>
internal static class EarthMover
{
    /// <summary>The distance in standard deviations of the reference.</summary>
    public static DriftMeasure Compare(NumericPair pair)
    {
        double distance = Distance(pair.Reference.Values, pair.Current.Values);
        double deviation = pair.Reference.StandardDeviation;
        if (deviation > 0)
            return new(Finite(distance / deviation));
        if (distance == 0)
            return new(0);
        return new(Finite(distance / PooledDeviation(pair.Reference, pair.Current)), Note: "The reference is constant: measured in standard deviations of both sides together.");
    }

    /// <summary>∫ |F(x) - G(x)| dx over the two empirical distribution functions; both samples sorted and not empty.</summary>
    public static double Distance(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double sum = 0, previous = Math.Min(x[0], y[0]);
        int i = 0, j = 0;
        while (i < x.Length || j < y.Length)
        {
            double next = j == y.Length || (i < x.Length && x[i] <= y[j]) ? x[i] : y[j];
            sum += Math.Abs((double)i / x.Length - (double)j / y.Length) * (next - previous);
            while (i < x.Length && x[i] == next)
                i++;
            while (j < y.Length && y[j] == next)
                j++;
            previous = next;
        }
        return sum;
    }

    private static double PooledDeviation(NumericColumn x, NumericColumn y)
    {
        double n = x.Count, m = y.Count, gap = x.Mean - y.Mean;
        double variance = (n * x.StandardDeviation * x.StandardDeviation + m * y.StandardDeviation * y.StandardDeviation) / (n + m)
            + n * m / ((n + m) * (n + m)) * gap * gap;
        return Math.Sqrt(variance);
    }

    // Values near the end of the double range overflow; JSON has no infinity.
    private static double Finite(double value) => double.IsFinite(value) ? value : double.MaxValue;
}
