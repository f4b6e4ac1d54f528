using Workbench.Drift.Numeric;

namespace Workbench.Drift.Chunks;

/// <summary>The sorted values of one chunk; at least one.</summary>
internal sealed class ChunkSide(double[] values, int start, int count) : IOrderedValues
{
    private (double Mean, double Deviation, double Skewness)? _moments;

    public ReadOnlySpan<double> Values => values.AsSpan(start, count);
    public long Count => count;
    public double Mean => Moments.Mean;
    public double StandardDeviation => Moments.Deviation;
    public double Skewness => Moments.Skewness;

    private (double Mean, double Deviation, double Skewness) Moments => _moments ??= Compute();

    public double At(long index) => values[start + index];

    public long Below(double edge) => NumericBins.Below(Values, edge);

    private (double, double, double) Compute()
    {
        // Dividing first keeps values near the end of the double range from overflowing.
        double mean = 0, variance = 0, cubes = 0;
        foreach (double value in Values)
            mean += value / count;
        if (Values[0] == Values[^1])
            return (mean, 0, 0); // rounding of the mean alone must not give a constant a spread
        foreach (double value in Values)
            variance += (value - mean) * ((value - mean) / count);
        double deviation = Math.Sqrt(variance);
        foreach (double value in Values)
            cubes += Math.Pow((value - mean) / deviation, 3);
        return (mean, deviation, cubes / count);
    }
}
