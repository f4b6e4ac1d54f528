namespace Workbench.Drift.Sketches;

/// <summary>Bounds of the first Wasserstein distance ∫ |F(x) - G(x)| dx.</summary>
internal static class EarthMoverBounds
{
    // Sums and moments of a sketch were added in another order than those of sorted values.
    private const double Rounding = 1e-11;

    /// <summary>In standard deviations of the reference, or of both sides together when the reference is constant.</summary>
    public static DriftMeasure Compare(SketchPair pair, bool[] open)
    {
        double deviation = pair.Reference.StandardDeviation;
        if (deviation > 0)
            return Raw(pair, open, deviation);
        var both = pair.Reference.Moments.Merge(pair.Current.Moments);
        bool isConstant = Math.Min(pair.Reference.Min, pair.Current.Min) == Math.Max(pair.Reference.Max, pair.Current.Max);
        return isConstant ? new(0) : Raw(pair, open, Math.Sqrt(both.Variance)) with { Note = "The reference is constant: measured in standard deviations of both sides together." };
    }

    /// <summary>In units of <paramref name="unit"/>. Marks the stretches in which F - G may change its sign in <paramref name="open"/>.</summary>
    public static DriftMeasure Raw(SketchPair pair, bool[] open, double unit = 1)
    {
        var (lower, upper, isExact) = Distance(pair, open);
        (lower, upper) = (Finite(lower / unit), Finite(upper / unit));
        if (isExact)
            return new(lower);
        return new(lower + (upper - lower) / 2) { Bounds = (lower * (1 - Rounding), Finite(upper * (1 + Rounding))), Exactness = DriftExactness.Bounded };
    }

    /// <summary>
    /// Over a stretch of width w the integral I of F - G is known from counts and sums, so |I| is a lower bound, and exact
    /// where F - G keeps its sign. Elsewhere F - G lies in [l, u] with l &lt; 0 &lt; u, and |F - G| integrates to the most when it
    /// takes only those two values: u t - l (w - t) with t = (I - l w) / (u - l).
    /// </summary>
    private static (double Lower, double Upper, bool IsExact) Distance(SketchPair pair, bool[] open)
    {
        var stretches = pair.Stretches;
        double n = pair.Reference.Count, m = pair.Current.Count, lower = 0, upper = 0, previous = stretches[0].Low;
        long i = 0, j = 0;
        bool isExact = true;
        for (int k = 0; k < stretches.Length; k++)
        {
            var (low, high, reference, current) = stretches[k];
            double gap = i / n - j / m, between = Math.Abs(gap) * (low - previous), width = high - low;
            double inside = gap * width + (reference.Count * width - reference.Sum) / n - (current.Count * width - current.Sum) / m;
            double least = gap - current.Count / m, most = gap + reference.Count / n;
            lower += between + Math.Abs(inside);
            if (width > 0 && least < 0 && most > 0)
            {
                double share = Math.Clamp((inside - least * width) / (most - least), 0, width);
                upper += between + Math.Max(Math.Abs(inside), most * share - least * (width - share));
                open[k] = true;
                isExact = false;
            }
            else
                upper += between + Math.Abs(inside);
            (i, j, previous) = (i + reference.Count, j + current.Count, high);
        }
        return (lower, upper, isExact);
    }

    // Values near the end of the double range overflow; JSON has no infinity.
    private static double Finite(double value) => double.IsFinite(value) ? value : double.MaxValue;
}
