namespace Workbench.Drift.Numeric;

/// <summary>One side of merged values.</summary>
internal sealed class MergedSide : IOrderedValues
{
    private readonly double[] _values;
    private readonly long[] _before;

    /// <param name="values">Ascending and distinct.</param>
    /// <param name="rows">Rows of each value; some may be 0.</param>
    public MergedSide(double[] values, long[] rows)
    {
        _values = values;
        _before = new long[values.Length + 1];
        for (int k = 0; k < values.Length; k++)
            _before[k + 1] = _before[k] + rows[k];
        (Mean, StandardDeviation, Skewness) = WeightedMoments.Of(values, rows, Count);
    }

    public long Count => _before[^1];
    public double Mean { get; }
    public double StandardDeviation { get; }
    public double Skewness { get; }

    public double At(long index)
    {
        // The first value with more than index rows up to and with it.
        int low = 0, high = _values.Length - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_before[middle + 1] <= index)
                low = middle + 1;
            else
                high = middle;
        }
        return _values[low];
    }

    public long Below(double edge) => _before[NumericBins.Below(_values, edge)];
}
