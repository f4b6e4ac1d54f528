namespace Workbench.Drift.Numeric;

/// <summary>Means and spreads.</summary>
internal static class WeightedMoments
{
    /// <summary>Mean, standard deviation (divisor n) and skewness of values with their rows.</summary>
    public static (double Mean, double Deviation, double Skewness) Of(ReadOnlySpan<double> values, ReadOnlySpan<long> rows, long count)
    {
        // Dividing first keeps values near the end of the double range from overflowing.
        double mean = 0, variance = 0, cubes = 0;
        int present = 0;
        for (int k = 0; k < values.Length; k++)
        {
            mean += values[k] * ((double)rows[k] / count);
            present += rows[k] > 0 ? 1 : 0;
        }
        if (present < 2)
            return (mean, 0, 0); // rounding of the mean alone must not give a constant a spread
        for (int k = 0; k < values.Length; k++)
            variance += (values[k] - mean) * ((values[k] - mean) * ((double)rows[k] / count));
        double deviation = Math.Sqrt(variance);
        for (int k = 0; k < values.Length && deviation > 0; k++)
        {
            double z = (values[k] - mean) / deviation;
            cubes += z * z * z * rows[k];
        }
        return (mean, deviation, cubes / count);
    }

    /// <summary>Standard deviation of both sides together, divisor n + m.</summary>
    public static double TotalDeviation(IOrderedValues x, IOrderedValues y)
    {
        double n = x.Count, m = y.Count, gap = x.Mean - y.Mean;
        double variance = (n * x.StandardDeviation * x.StandardDeviation + m * y.StandardDeviation * y.StandardDeviation) / (n + m)
            + n * m / ((n + m) * (n + m)) * gap * gap;
        return Math.Sqrt(variance);
    }
}
