namespace Workbench.Drift.Numeric;

/// <summary>Collects a column's values as they come.</summary>
/// <param name="expectedRows">Rows to make room for; more may come.</param>
internal sealed class NumericColumnBuilder(long expectedRows)
{
    private double[] _values = new double[Math.Clamp(expectedRows, 16, Array.MaxLength)];
    private int _count;
    private long _nulls, _notFinite;

    /// <summary>Adds a chunk; bit i of <paramref name="validity"/> is 0 where value i is NULL, and an empty one means no NULL.</summary>
    public void Add(ReadOnlySpan<double> values, ReadOnlySpan<ulong> validity)
    {
        if (_count + values.Length > _values.Length)
            Array.Resize(ref _values, (int)Math.Min(Array.MaxLength, Math.Max(_count + (long)values.Length, _values.Length * 2L)));
        for (int i = 0; i < values.Length; i++)
        {
            if (validity.Length > 0 && (validity[i >> 6] >> (i & 63) & 1) == 0)
                _nulls++;
            else if (double.IsFinite(values[i]))
                _values[_count++] = values[i] + 0.0; // -0 becomes 0
            else
                _notFinite++;
        }
    }

    /// <summary>The column; the builder is used up.</summary>
    public NumericColumn Build() => new(_values, _count, _nulls, _notFinite);
}
