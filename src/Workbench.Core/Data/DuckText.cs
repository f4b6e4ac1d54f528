using System.Runtime.InteropServices;

namespace Workbench.Data;

/// <summary>A VARCHAR as it lies in a vector of DuckDB's (duckdb_string_t): up to 12 bytes in place, more behind a pointer. Gone with its chunk.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal readonly unsafe struct DuckText
{
    private const int MostInPlace = 12;

    [FieldOffset(0)] private readonly uint _length;
    [FieldOffset(4)] private readonly byte _first;
    [FieldOffset(8)] private readonly byte* _far;
    [FieldOffset(0)] private readonly ulong _head;
    [FieldOffset(8)] private readonly ulong _tail;

    /// <summary>True when <see cref="Bits"/> tell the text, so that equal bits are equal texts.</summary>
    public bool IsShort => _length <= MostInPlace;

    /// <summary>All that lies in the vector.</summary>
    public (ulong, ulong) Bits => (_head, _tail);

    /// <summary>The text as UTF-8, without a copy.</summary>
    public static ReadOnlySpan<byte> Bytes(ref readonly DuckText text) =>
        text._length <= MostInPlace ? MemoryMarshal.CreateReadOnlySpan(in text._first, (int)text._length) : new(text._far, (int)text._length);
}
