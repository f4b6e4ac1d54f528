using System.Globalization;
using System.Runtime.CompilerServices;
using Workbench.Data;

namespace Workbench.Drift.Quality.Scanning;

/// <summary>Counts numbers, booleans (0 and 1) and times (microseconds since 1970, UTC).</summary>
internal sealed class NumberTally : ColumnTally
{
    // Stands for a time that is infinite; no time of DuckDB's is that late.
    private const long InfiniteTime = long.MaxValue;

    private readonly ValueCounts _values = new();
    private readonly bool _isWhole;
    private readonly double _low = double.NegativeInfinity, _high = double.PositiveInfinity, _far;
    private double _least = double.PositiveInfinity, _greatest = double.NegativeInfinity, _sum;
    private long _rows, _nulls, _notNumbers, _infinite, _below, _above, _beyond;
    private long _before = long.MinValue;
    private bool _isRising = true;

    public NumberTally(string column, string type, ColumnProfile? reference) : base(column, type)
    {
        // A DOUBLE holds no 128-bit number and none above 2^63 exactly; such a column is counted as DOUBLE all the same.
        _isWhole = Kind is ValueKind.Boolean or ValueKind.Time || Kind == ValueKind.Integer && type is not ("HUGEINT" or "UHUGEINT" or "UBIGINT");
        if (reference is { Least: { } least, Greatest: { } greatest } && Kind.IsNumeric() && reference.Kind.IsNumeric())
            (_low, _high, _far) = (least, greatest, greatest - least);
    }

    public override string Select => Kind switch
    {
        ValueKind.Time => $"CASE WHEN {Quoted} IS NULL OR isfinite({Quoted}) THEN {ColumnSql.Microseconds(Quoted, Type)} ELSE {InfiniteTime} END",
        _ => $"{Quoted}::{(_isWhole ? "BIGINT" : "DOUBLE")}",
    };

    public override void Add(DuckVectors vectors, int index)
    {
        _rows += vectors.Rows;
        if (_isWhole)
            AddWhole(vectors.Values<long>(index), vectors.Validity(index));
        else
            AddReal(vectors.Values<double>(index), vectors.Validity(index));
    }

    public override ColumnProfile Build()
    {
        long finite = _rows - _nulls - _notNumbers - _infinite;
        double mean = _sum / finite;
        var values = _values.IsComplete ? _values.Values.Select(pair => (Value: Text(pair.Value), pair.Rows)).ToList() : [];
        return new()
        {
            Column = Column, Type = Type, Kind = Kind, Rows = _rows, Nulls = _nulls, NotNumbers = _notNumbers, Infinite = _infinite,
            Least = finite > 0 ? _least : null, Greatest = finite > 0 ? _greatest : null, Mean = finite > 0 && double.IsFinite(mean) && Kind != ValueKind.Time ? mean : null,
            Distinct = _values.Distinct, IsDistinctExact = _values.IsComplete,
            Categories = Kind == ValueKind.Boolean ? values.ToDictionary(pair => pair.Value, pair => pair.Rows) : null,
            Usual = values.Count > 0 ? values.MaxBy(pair => pair.Rows) : null,
            Candidate = !_values.IsComplete && _values.Lead >= TableScan.LeadShare * finite && Kind.IsNumeric() ? (Sql(_values.Leader), Text(_values.Leader)) : null,
            Below = _below, Above = _above, Far = _beyond, IsRising = _isRising && _isWhole && _infinite == 0,
        };
    }

    private void AddWhole(ReadOnlySpan<long> values, ReadOnlySpan<ulong> validity)
    {
        for (int i = 0; i < values.Length; i++)
        {
            long value = values[i];
            if (!IsValid(validity, i))
                _nulls++;
            else if (value == InfiniteTime && Kind == ValueKind.Time)
                _infinite++;
            else
            {
                _isRising &= value >= _before;
                _before = value;
                Count(value, (ulong)value);
            }
        }
    }

    private void AddReal(ReadOnlySpan<double> values, ReadOnlySpan<ulong> validity)
    {
        for (int i = 0; i < values.Length; i++)
        {
            double value = values[i] + 0.0; // -0 becomes 0
            if (!IsValid(validity, i))
                _nulls++;
            else if (double.IsFinite(value))
                Count(value, BitConverter.DoubleToUInt64Bits(value));
            else if (double.IsNaN(value))
                _notNumbers++;
            else
                _infinite++;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Count(double value, ulong key)
    {
        _least = Math.Min(_least, value);
        _greatest = Math.Max(_greatest, value);
        _sum += value;
        if (value < _low)
        {
            _below++;
            _beyond += value < _low - _far ? 1 : 0;
        }
        else if (value > _high)
        {
            _above++;
            _beyond += value > _high + _far ? 1 : 0;
        }
        _values.Add(key);
    }

    private string Text(ulong key) => Kind switch
    {
        ValueKind.Boolean => key == 0 ? "false" : "true",
        ValueKind.Time => QualityText.Time((long)key),
        _ => Sql(key),
    };

    private string Sql(ulong key) => _isWhole ? ((long)key).ToString(CultureInfo.InvariantCulture) : BitConverter.UInt64BitsToDouble(key).ToString("R", CultureInfo.InvariantCulture);
}
