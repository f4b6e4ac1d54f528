using Workbench.Drift.Numeric;

namespace Workbench.Drift.Chunks;

/// <summary>A reference without the rows of one of its chunks, answered from both; at least one row remains.</summary>
/// <param name="reference">The reference.</param>
/// <param name="chunk">The chunk.</param>
internal sealed class RemainingSide(ReferenceValues reference, ChunkSide chunk) : IOrderedValues
{
    private readonly NumericColumn _whole = reference.Column;
    private (double Mean, double Deviation, double Skewness)? _moments;

    public long Count => _whole.Count - chunk.Count;
    public double Mean => Moments.Mean;
    public double StandardDeviation => Moments.Deviation;
    public double Skewness => Moments.Skewness;

    private (double Mean, double Deviation, double Skewness) Moments => _moments ??= Compute();

    public double At(long index)
    {
        // The first value with more than index remaining rows up to and with it.
        int low = 0, high = reference.Distinct - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (reference.RowsBelow(middle + 1) - chunk.Below(double.BitIncrement(reference.ValueAt(middle))) <= index)
                low = middle + 1;
            else
                high = middle;
        }
        return reference.ValueAt(low);
    }

    public long Below(double edge) => _whole.Below(edge) - chunk.Below(edge);

    // From the sums over all rows of powers of their distance from the mean of the whole, less those of the chunk.
    private (double, double, double) Compute()
    {
        double first = 0, second = 0, third = 0, k = Count, n = _whole.Count, deviation = _whole.StandardDeviation;
        foreach (double value in chunk.Values)
        {
            double gap = value - _whole.Mean;
            first -= gap;
            second -= gap * gap;
            third -= gap * gap * gap;
        }
        double shift = first / k, mean = _whole.Mean + shift;
        if (At(0) == At(Count - 1))
            return (mean, 0, 0); // rounding alone must not give a constant a spread
        second += n * deviation * deviation;
        double rest = Math.Sqrt(Math.Max(0, second / k - shift * shift));
        if (!double.IsFinite(rest) || rest == 0)
            return (mean, deviation, _whole.Skewness); // beyond double precision
        third += n * _whole.Skewness * deviation * deviation * deviation;
        double cubes = third - 3 * shift * second + 3 * shift * shift * first - k * shift * shift * shift;
        return (mean, rest, cubes / k / (rest * rest * rest));
    }
}
