using System.Runtime.CompilerServices;

namespace Workbench.Drift.Numeric;

/// <summary>Collects a column's values as they come.</summary>
/// <param name="expectedRows">Rows to make room for; more may come.</param>
internal sealed class NumericColumnBuilder(long expectedRows)
{
    private double[] _values = new double[Math.Clamp(expectedRows, 16, Array.MaxLength)];
    private int _count;
    private long _nulls, _notFinite;

    /// <summary>Adds a chunk; bit i of <paramref name="validity"/> is 0 where value i is NULL, and an empty one means no NULL.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // most of a short run would be over before it is compiled again
    public void Add(ReadOnlySpan<double> values, ReadOnlySpan<ulong> validity)
    {
        if (_count + values.Length > _values.Length)
            Array.Resize(ref _values, (int)Math.Min(Array.MaxLength, Math.Max(_count + (long)values.Length, _values.Length * 2L)));
        double[] kept = _values;
        int count = _count, nulls = 0;
        for (int i = 0; i < values.Length; i++)
        {
            // Without a branch that would be guessed wrong at every NULL: what is left out is written over by the next.
            kept[count] = values[i] + 0.0; // -0 becomes 0
            int isThere = validity.IsEmpty ? 1 : (int)(validity[i >> 6] >> (i & 63)) & 1;
            nulls += 1 - isThere;
            count += isThere & (double.IsFinite(values[i]) ? 1 : 0);
        }
        _nulls += nulls;
        _notFinite += values.Length - nulls - (count - _count);
        _count = count;
    }

    /// <summary>The column; the builder is used up.</summary>
    public NumericColumn Build() => new(_values, _count, _nulls, _notFinite);
}
