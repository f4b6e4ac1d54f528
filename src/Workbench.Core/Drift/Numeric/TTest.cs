using MathNet.Numerics;

namespace Workbench.Drift.Numeric;

/// <summary>
/// Tests of two means, positive when the current mean is the larger. The effect size is Cohen's d, the difference in pooled
/// standard deviations, with its large-sample interval (Hedges and Olkin, Statistical Methods for Meta-Analysis, 1985, p. 86).
/// </summary>
internal static class TTest
{
    /// <summary>Student's test with one variance for both sides, n + m - 2 degrees of freedom.</summary>
    public static DriftMeasure Pooled(IOrderedValues reference, IOrderedValues current)
    {
        double n = reference.Count, m = current.Count, degrees = n + m - 2;
        if (degrees < 1)
            return DriftMeasure.Untestable("One row a side has no spread to compare with.");
        double error = PooledVariance(reference, current) * (1 / n + 1 / m);
        return Measure(reference, current, error, degrees);
    }

    /// <summary>Welch's test with a variance a side (Welch 1947, Biometrika 34, 28-35; degrees of freedom of Satterthwaite 1946).</summary>
    public static DriftMeasure Welch(IOrderedValues reference, IOrderedValues current)
    {
        double n = reference.Count, m = current.Count;
        if (Math.Min(n, m) < 2)
            return DriftMeasure.Untestable("A side has one row and so no variance of its own.");
        double x = Variance(reference) / n, y = Variance(current) / m, error = x + y;
        // Shares of the error instead of its square keep tiny variances from becoming 0.
        double degrees = error > 0 ? 1 / (Square(x / error) / (n - 1) + Square(y / error) / (m - 1)) : n + m - 2;
        return Measure(reference, current, error, degrees);
    }

    private static DriftMeasure Measure(IOrderedValues reference, IOrderedValues current, double error, double degrees)
    {
        double gap = current.Mean - reference.Mean;
        if (error == 0)
            return reference.At(0) == current.At(0)
                ? new(0, 1, 0, "Both sides are constant and equal.")
                : new(Math.CopySign(double.MaxValue, gap), 0, null, "Both sides are constant and differ: the statistic is infinite.");
        double t = gap / Math.Sqrt(error), n = reference.Count, m = current.Count;
        double d = gap / Math.Sqrt(PooledVariance(reference, current));
        double width = NormalDistribution.Z95 * Math.Sqrt((n + m) / (n * m) + d * d / (2 * (n + m)));
        return new(t, TwoSided(t, degrees), d) { Confidence = (d - width, d + width) };
    }

    /// <summary>P(|T| ≥ |t|) of Student's distribution. Beyond 1,000 degrees by Hill's expansion (1970, Comm. ACM 13, 617-619), whose error is then below rounding.</summary>
    public static double TwoSided(double t, double degrees)
    {
        double share = t * t / degrees;
        if (degrees <= 1000)
            return SpecialFunctions.BetaRegularized(degrees / 2, 0.5, 1 / (1 + share));
        double a = degrees - 0.5, b = 48 * a * a, y = a * SpecialFunctions.Log1p(share);
        double z = (((((-0.4 * y - 3.3) * y - 24) * y - 85.5) / (0.8 * y * y + 100 + b) + y + 3) / b + 1) * Math.Sqrt(y);
        return NormalDistribution.TwoSided(z);
    }

    // Divisor n - 1.
    private static double Variance(IOrderedValues side) => Square(side.StandardDeviation) * (side.Count / (side.Count - 1.0));

    private static double PooledVariance(IOrderedValues x, IOrderedValues y) =>
        (Square(x.StandardDeviation) * x.Count + Square(y.StandardDeviation) * y.Count) / (x.Count + (double)y.Count - 2);

    private static double Square(double x) => x * x;
}
