using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace Workbench.Drift.Numeric;

/// <summary>
/// The Epps-Singleton test: the empirical characteristic functions at 0.4 and 0.8 half interquartile ranges of both sides
/// together (Epps and Singleton 1986, J. Statist. Comput. Simul. 26, 177-203; small-sample factor of Goerg and Kaiser 2009,
/// Stata Journal 9, 454-465). The effect size is the largest gap D of the two distribution functions.
/// </summary>
internal static class EppsSingleton
{
    private const double FirstPoint = 0.4; // the second is twice it
    private const int SmallestSide = 5;
    // Below this part of the largest eigenvalue a direction of the covariance is rounding (numpy's pinv).
    private const double Rounding = 1e-15;

    public static DriftMeasure Compare(MergedValues merged)
    {
        double n = merged.ReferenceCount, m = merged.CurrentCount;
        if (Math.Min(n, m) < SmallestSide)
            return DriftMeasure.Untestable($"A side has fewer than {SmallestSide} rows.");
        if (merged.Distinct < 2)
            return DriftMeasure.Untestable("All values are equal.");
        var (scale, note) = Scale(merged);
        var (meanReference, covarianceReference) = Characteristic(merged.Values, merged.Reference, n, FirstPoint / scale);
        var (meanCurrent, covarianceCurrent) = Characteristic(merged.Values, merged.Current, m, FirstPoint / scale);
        var covariance = covarianceReference * ((n + m) / n) + covarianceCurrent * ((n + m) / m);
        if (!covariance.ForAll(double.IsFinite))
            return DriftMeasure.Untestable("The values are too far apart for their interquartile range.");
        var (form, rank) = QuadraticForm(covariance, meanReference - meanCurrent);
        double statistic = (n + m) * form;
        if (Math.Max(n, m) < 25)
            statistic /= 1 + Math.Pow(n + m, -0.45) + 10.1 * (Math.Pow(n, -1.7) + Math.Pow(m, -1.7));
        double pValue = rank == 0 ? 1 : SpecialFunctions.GammaUpperRegularized(rank / 2.0, statistic / 2);
        return new(statistic, pValue, KolmogorovSmirnov.Distance(merged), note);
    }

    // Half the interquartile range of both sides together, with linear interpolation as numpy's percentile.
    private static (double Scale, string? Note) Scale(MergedValues merged)
    {
        double half = (Quantile(merged.Pooled, 0.75) - Quantile(merged.Pooled, 0.25)) / 2;
        return half > 0
            ? (half, null)
            : (merged.Pooled.StandardDeviation, "The middle half of the values is constant: scaled by their standard deviation instead.");
    }

    private static double Quantile(MergedSide side, double share)
    {
        double place = (side.Count - 1) * share;
        long floor = (long)place;
        double low = side.At(floor), high = side.At(Math.Min(floor + 1, side.Count - 1));
        return low + (place - floor) * (high - low);
    }

    // Mean and covariance (divisor n) of cos tx, cos 2tx, sin tx, sin 2tx.
    private static (Vector<double> Mean, Matrix<double> Covariance) Characteristic(double[] values, long[] rows, double count, double t)
    {
        Span<double> sums = stackalloc double[4], products = stackalloc double[16], g = stackalloc double[4];
        for (int k = 0; k < values.Length; k++)
        {
            if (rows[k] == 0)
                continue;
            var (sin, cos) = Math.SinCos(t * values[k]);
            (g[0], g[1], g[2], g[3]) = (cos, 2 * cos * cos - 1, sin, 2 * sin * cos);
            for (int i = 0; i < 4; i++)
            {
                double weighted = g[i] * rows[k];
                sums[i] += weighted;
                for (int j = 0; j <= i; j++)
                    products[4 * i + j] += weighted * g[j];
            }
        }
        var mean = Vector<double>.Build.Dense([sums[0] / count, sums[1] / count, sums[2] / count, sums[3] / count]);
        var covariance = Matrix<double>.Build.Dense(4, 4);
        for (int i = 0; i < 4; i++)
            for (int j = 0; j <= i; j++)
                covariance[i, j] = covariance[j, i] = products[4 * i + j] / count - mean[i] * mean[j];
        return (mean, covariance);
    }

    // gᵀ C⁺ g with the pseudo-inverse, and the rank of C.
    private static (double Form, int Rank) QuadraticForm(Matrix<double> covariance, Vector<double> gap)
    {
        var eigen = covariance.Evd(Symmetricity.Symmetric);
        double largest = eigen.EigenValues.Max(value => Math.Abs(value.Real)), form = 0;
        int rank = 0;
        for (int i = 0; i < 4; i++)
        {
            double value = eigen.EigenValues[i].Real, along = eigen.EigenVectors.Column(i) * gap;
            if (Math.Abs(value) <= Rounding * largest)
                continue;
            form += along * along / value;
            rank++;
        }
        return (form, rank);
    }
}
