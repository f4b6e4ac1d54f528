using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Workbench.Data;

namespace Workbench.Drift.Quality.Scanning;

/// <summary>Counts numbers, booleans (0 and 1) and times (microseconds since 1970, UTC).</summary>
internal sealed class NumberTally : ColumnTally
{
    // Stands for a time that is infinite; no time of DuckDB's is that late.
    private const long InfiniteTime = long.MaxValue;

    private const int SampleRows = 1000;

    private readonly ValueCounts _values = new();
    private readonly List<double> _sample = [];
    private readonly bool _isWhole;
    private readonly double _low = double.NegativeInfinity, _high = double.PositiveInfinity, _width;
    private double _least = double.PositiveInfinity, _greatest = double.NegativeInfinity, _sum;
    private long _rows, _nulls, _notNumbers, _infinite, _below, _above, _beyond;
    private long _before = long.MinValue;
    private bool _isRising = true;

    public NumberTally(string column, string type, ColumnProfile? reference) : base(column, type)
    {
        // A DOUBLE holds no 128-bit number and none above 2^63 exactly; such a column is counted as DOUBLE all the same.
        _isWhole = Kind is ValueKind.Boolean or ValueKind.Time || Kind == ValueKind.Integer && type is not ("HUGEINT" or "UHUGEINT" or "UBIGINT");
        if (reference is { Least: { } least, Greatest: { } greatest } && Kind.IsNumeric() && reference.Kind.IsNumeric())
            (_low, _high, _width) = (least, greatest, greatest - least);
    }

    public override string Select => Kind switch
    {
        ValueKind.Time => $"CASE WHEN {Quoted} IS NULL OR isfinite({Quoted}) THEN {ColumnSql.Microseconds(Quoted, Type)} ELSE {InfiniteTime} END",
        _ => $"{Quoted}::{(_isWhole ? "BIGINT" : "DOUBLE")}",
    };

    public override void Add(DuckVectors vectors, int index)
    {
        _rows += vectors.Rows;
        if (_sample.Count < SampleRows && Kind.IsNumeric())
            Take(vectors, index);
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
            Below = _below, Above = _above, Far = _beyond, Sample = _sample, IsRising = _isRising && _isWhole && _infinite == 0,
        };
    }

    private void Take(DuckVectors vectors, int index)
    {
        var validity = vectors.Validity(index);
        for (int i = 0; i < vectors.Rows && _sample.Count < SampleRows; i++)
        {
            double value = !IsValid(validity, i) ? double.NaN : _isWhole ? vectors.Values<long>(index)[i] : vectors.Values<double>(index)[i];
            _sample.Add(double.IsFinite(value) ? value : double.NaN);
        }
    }

    private void AddWhole(ReadOnlySpan<long> values, ReadOnlySpan<ulong> validity)
    {
        Span<double> numbers = stackalloc double[values.Length];
        Span<long> known = stackalloc long[values.Length];
        int count = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (!IsValid(validity, i))
                _nulls++;
            else if (values[i] == InfiniteTime && Kind == ValueKind.Time)
                _infinite++;
            else
                known[count++] = values[i];
        }
        known = known[..count];
        for (int i = 0; i < known.Length; i++)
        {
            _isRising &= known[i] >= _before;
            _before = known[i];
            numbers[i] = known[i];
        }
        Measure(numbers[..count]);
        _values.Add(MemoryMarshal.Cast<long, ulong>(known));
    }

    private void AddReal(ReadOnlySpan<double> values, ReadOnlySpan<ulong> validity)
    {
        Span<double> numbers = stackalloc double[values.Length];
        int count = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double value = values[i];
            if (!IsValid(validity, i))
                _nulls++;
            else if (double.IsFinite(value))
                numbers[count++] = value + 0.0; // -0 becomes 0
            else if (double.IsNaN(value))
                _notNumbers++;
            else
                _infinite++;
        }
        numbers = numbers[..count];
        Measure(numbers);
        _values.Add(MemoryMarshal.Cast<double, ulong>(numbers));
    }

    private void Measure(ReadOnlySpan<double> numbers)
    {
        if (numbers.IsEmpty)
            return;
        double least = TensorPrimitives.Min(numbers), greatest = TensorPrimitives.Max(numbers);
        _least = Math.Min(_least, least);
        _greatest = Math.Max(_greatest, greatest);
        _sum += TensorPrimitives.Sum(numbers);
        if (least < _low || greatest > _high)
            foreach (double value in numbers)
            {
                _below += value < _low ? 1 : 0;
                _above += value > _high ? 1 : 0;
                _beyond += value < _low - _width || value > _high + _width ? 1 : 0;
            }
    }

    private string Text(ulong key) => Kind switch
    {
        ValueKind.Boolean => key == 0 ? "false" : "true",
        ValueKind.Time => QualityText.Time((long)key),
        _ => Sql(key),
    };

    private string Sql(ulong key) => _isWhole ? ((long)key).ToString(CultureInfo.InvariantCulture) : BitConverter.UInt64BitsToDouble(key).ToString("R", CultureInfo.InvariantCulture);
}
