using DuckDB.NET.Data;
using Workbench.Data;

namespace Workbench.Drift;

/// <summary>The finite values of one numeric column of one side, sorted.</summary>
internal sealed class NumericColumn
{
    private double[] _values;

    private NumericColumn(long expectedRows) => _values = new double[Math.Max(16, expectedRows)];

    /// <summary>Finite values, ascending.</summary>
    public ReadOnlySpan<double> Values => _values.AsSpan(0, Count);
    public int Count { get; private set; }
    public long Nulls { get; private set; }
    /// <summary>NaN and infinities, which are left out of <see cref="Values"/>.</summary>
    public long NotFinite { get; private set; }
    public double Mean { get; private set; }
    /// <summary>Divisor n.</summary>
    public double StandardDeviation { get; private set; }
    public long Rows => Count + Nulls + NotFinite;

    /// <summary>Reads a column of a relation through <paramref name="connection"/>.</summary>
    public static NumericColumn Read(DuckDBConnection connection, string relation, string column, long expectedRows, CancellationToken cancellationToken)
    {
        var result = new NumericColumn(expectedRows);
        DuckVectorStream.Read(
            connection, $"SELECT {DuckSession.Identifier(column)}::DOUBLE FROM {relation}", vectors => result.Add(vectors.Values<double>(0), vectors.Validity(0)), cancellationToken);
        result.Finish();
        return result;
    }

    /// <summary>A column of values in memory.</summary>
    public static NumericColumn Of(ReadOnlySpan<double> values)
    {
        var result = new NumericColumn(values.Length);
        result.Add(values, []);
        result.Finish();
        return result;
    }

    private void Add(ReadOnlySpan<double> values, ReadOnlySpan<ulong> validity)
    {
        if (Count + values.Length > _values.Length)
            Array.Resize(ref _values, Math.Max(Count + values.Length, (int)Math.Min(Array.MaxLength, _values.Length * 2L)));
        for (int i = 0; i < values.Length; i++)
        {
            if (validity.Length > 0 && (validity[i >> 6] >> (i & 63) & 1) == 0)
                Nulls++;
            else if (double.IsFinite(values[i]))
                _values[Count++] = values[i] + 0.0; // -0 becomes 0
            else
                NotFinite++;
        }
    }

    private void Finish()
    {
        RadixSort.Sort(_values.AsSpan(0, Count));
        if (Count == 0)
            return;
        // Dividing first keeps values near the end of the double range from overflowing.
        double mean = 0, variance = 0;
        foreach (double value in Values)
            mean += value / Count;
        foreach (double value in Values)
            variance += (value - mean) * ((value - mean) / Count);
        Mean = mean;
        // Rounding of the mean alone must not give a constant column a spread.
        StandardDeviation = _values[0] == _values[Count - 1] ? 0 : Math.Sqrt(variance);
    }
}
