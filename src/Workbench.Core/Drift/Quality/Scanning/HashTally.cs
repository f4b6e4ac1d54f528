using Workbench.Data;

namespace Workbench.Drift.Quality.Scanning;

/// <summary>Counts values of which nothing is read but whether they are the same.</summary>
internal sealed class HashTally(string column, string type) : ColumnTally(column, type)
{
    private readonly ValueCounts _values = new();
    private long _rows, _nulls;

    public override string Select => $"CASE WHEN {Quoted} IS NOT NULL THEN hash({Quoted}) END";

    public override void Add(DuckVectors vectors, int index)
    {
        var values = vectors.Values<ulong>(index);
        var validity = vectors.Validity(index);
        _rows += values.Length;
        Span<ulong> known = stackalloc ulong[values.Length];
        int count = 0;
        for (int i = 0; i < values.Length; i++)
            if (IsValid(validity, i))
                known[count++] = values[i];
        _nulls += values.Length - count;
        _values.Add(known[..count]);
    }

    public override ColumnProfile Build() => new()
    {
        Column = Column, Type = Type, Kind = Kind, Rows = _rows, Nulls = _nulls, Distinct = _values.Distinct, IsDistinctExact = _values.IsComplete,
    };
}
