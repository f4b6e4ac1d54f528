namespace Workbench.Drift.Numeric;

/// <summary>The first Wasserstein distance of two samples.</summary>
internal static class EarthMover
{
    /// <summary>The distance in standard deviations of the reference.</summary>
    public static DriftMeasure Compare(NumericPair pair) => Normed(Distance(pair.Reference.Values, pair.Current.Values), pair.Reference, pair.Current);

    /// <summary>The distance in standard deviations of the reference.</summary>
    public static DriftMeasure Compare(MergedValues merged) => Normed(Distance(merged), merged.ReferenceSide, merged.CurrentSide);

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

    /// <summary>The same of merged samples.</summary>
    public static double Distance(MergedValues merged)
    {
        double sum = 0;
        long i = 0, j = 0;
        for (int k = 0; k + 1 < merged.Distinct; k++)
        {
            i += merged.Reference[k];
            j += merged.Current[k];
            sum += Math.Abs((double)i / merged.ReferenceCount - (double)j / merged.CurrentCount) * (merged.Values[k + 1] - merged.Values[k]);
        }
        return sum;
    }

    private static DriftMeasure Normed(double distance, IOrderedValues reference, IOrderedValues current)
    {
        if (reference.StandardDeviation > 0)
            return new(Finite(distance / reference.StandardDeviation));
        if (distance == 0)
            return new(0);
        return new(Finite(distance / WeightedMoments.TotalDeviation(reference, current)), Note: "The reference is constant: measured in standard deviations of both sides together.");
    }

    // Values near the end of the double range overflow; JSON has no infinity.
    private static double Finite(double value) => double.IsFinite(value) ? value : double.MaxValue;
}
