using Workbench.Drift.Numeric;

namespace Workbench.Drift.Chunks;

/// <summary>A reference without the rows of one of its chunks, answered from both; at least one row remains.</summary>
/// <param name="whole">The reference.</param>
/// <param name="chunk">The chunk.</param>
/// <param name="distinct">The reference's distinct values.</param>
/// <param name="rows">Its rows below each of them; one more at the end.</param>
internal sealed class RemainingSide(NumericColumn whole, ChunkSide chunk, double[] distinct, long[] rows) : IOrderedValues
{
    private (double Mean, double Deviation, double Skewness)? _moments;

    public long Count => whole.Count - chunk.Count;
    public double Mean => Moments.Mean;
    public double StandardDeviation => Moments.Deviation;
    public double Skewness => Moments.Skewness;

    private (double Mean, double Deviation, double Skewness) Moments => _moments ??= Compute();

    public double At(long index)
    {
        // The first value with more than index remaining rows up to and with it.
        int low = 0, high = distinct.Length - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (rows[middle + 1] - chunk.Below(double.BitIncrement(distinct[middle])) <= index)
                low = middle + 1;
            else
                high = middle;
        }
        return distinct[low];
    }

    public long Below(double edge) => whole.Below(edge) - chunk.Below(edge);

    // From the sums over all rows of powers of their distance from the mean of the whole, less those of the chunk.
    private (double, double, double) Compute()
    {
        double first = 0, second = 0, third = 0, k = Count, n = whole.Count, deviation = whole.StandardDeviation;
        foreach (double value in chunk.Values)
        {
            double gap = value - whole.Mean;
            first -= gap;
            second -= gap * gap;
            third -= gap * gap * gap;
        }
        double shift = first / k, mean = whole.Mean + shift;
        if (At(0) == At(Count - 1))
            return (mean, 0, 0); // rounding alone must not give a constant a spread
        second += n * deviation * deviation;
        double rest = Math.Sqrt(Math.Max(0, second / k - shift * shift));
        if (!double.IsFinite(rest) || rest == 0)
            return (mean, deviation, whole.Skewness); // beyond double precision
        third += n * whole.Skewness * deviation * deviation * deviation;
        double cubes = third - 3 * shift * second + 3 * shift * shift * first - k * shift * shift * shift;
        return (mean, rest, cubes / k / (rest * rest * rest));
    }
}
