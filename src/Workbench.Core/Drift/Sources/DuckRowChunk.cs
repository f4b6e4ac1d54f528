using System.Text;
using Workbench.Data;

namespace Workbench.Drift.Sources;

/// <summary>A chunk over DuckDB's own vectors; loaded anew for each.</summary>
internal sealed unsafe class DuckRowChunk(IReadOnlyList<RowColumn> columns) : RowChunk
{
    // DuckDB's string_t: 4 bytes of length, then up to 12 bytes of text, or 4 of prefix and the address of the text.
    private const int StringBytes = 16;
    private const int InlinedBytes = 12;

    private readonly nint[] _values = new nint[columns.Count];
    private readonly nint[] _members = new nint[columns.Count];
    private readonly nint[] _memberValidity = new nint[columns.Count];
    private readonly ulong[][] _validity = new ulong[columns.Count][];
    private readonly double[][] _numbers = new double[columns.Count][];
    private double[] _vector = [];
    private int _rows;

    public override int Rows => _rows;

    public void Load(DuckVectors vectors)
    {
        _rows = vectors.Rows;
        for (int column = 0; column < columns.Count; column++)
        {
            _values[column] = vectors.Address(column);
            _validity[column] = vectors.Validity(column).ToArray();
            if (columns[column].Type == RowType.Vector)
                (_members[column], _memberValidity[column]) = vectors.Members(column);
            if (columns[column].Type == RowType.Number)
                LoadNumbers(column, vectors.Values<double>(column));
        }
    }

    public override ReadOnlySpan<double> Numbers(int column) => _numbers[column].AsSpan(0, _rows);

    public override string? Text(int column, int row)
    {
        if (IsNull(column, row))
            return null;
        byte* text = (byte*)_values[column] + (long)row * StringBytes;
        int length = *(int*)text;
        return Encoding.UTF8.GetString(length <= InlinedBytes ? text + 4 : *(byte**)(text + 8), length);
    }

    public override ReadOnlySpan<double> Vector(int column, int row)
    {
        if (IsNull(column, row))
            return [];
        // DuckDB's list entry: offset and length, 8 bytes each.
        ulong* entry = (ulong*)_values[column] + (long)row * 2;
        ulong offset = entry[0];
        int length = (int)entry[1];
        var members = new ReadOnlySpan<double>((double*)_members[column] + offset, length);
        ulong* validity = (ulong*)_memberValidity[column];
        if (validity == null)
            return members;
        if (_vector.Length < length)
            _vector = new double[length];
        for (int i = 0; i < length; i++)
        {
            ulong member = offset + (ulong)i;
            _vector[i] = (validity[member >> 6] >> (int)(member & 63) & 1) == 0 ? double.NaN : members[i];
        }
        return _vector.AsSpan(0, length);
    }

    private void LoadNumbers(int column, ReadOnlySpan<double> values)
    {
        if (_numbers[column] is not { } numbers || numbers.Length < _rows)
            _numbers[column] = numbers = new double[Math.Max(_rows, 2048)];
        values.CopyTo(numbers);
        if (_validity[column].Length == 0)
            return;
        for (int row = 0; row < _rows; row++)
            if (IsNull(column, row))
                numbers[row] = double.NaN;
    }

    private bool IsNull(int column, int row) => _validity[column] is { Length: > 0 } validity && (validity[row >> 6] >> (row & 63) & 1) == 0;
}
