using DuckDB.NET.Native;
using static DuckDB.NET.Native.NativeMethods;

namespace Workbench.Data;

/// <summary>One chunk of a streamed result.</summary>
internal readonly unsafe ref struct DuckVectors(DuckDBDataChunk chunk, int rows)
{
    /// <summary>Rows of this chunk, at most 2,048.</summary>
    public int Rows => rows;

    /// <summary>The values of a column, whose type is the caller's promise: DOUBLE as double, FLOAT as float, BIGINT as long.</summary>
    public ReadOnlySpan<T> Values<T>(int column) where T : unmanaged =>
        new(Vectors.DuckDBVectorGetData(DataChunks.DuckDBDataChunkGetVector(chunk, column)), rows);

    /// <summary>Bit i is 0 where value i of a column is NULL, and the value is then garbage; empty means no NULL.</summary>
    public ReadOnlySpan<ulong> Validity(int column)
    {
        ulong* validity = Vectors.DuckDBVectorGetValidity(DataChunks.DuckDBDataChunkGetVector(chunk, column));
        return validity == null ? [] : new(validity, (rows + 63) / 64);
    }

    /// <summary>Where a column's values begin; for types that are no plain numbers.</summary>
    public nint Address(int column) => (nint)Vectors.DuckDBVectorGetData(DataChunks.DuckDBDataChunkGetVector(chunk, column));

    /// <summary>The members of all lists of a LIST column, in one row; as <see cref="Values{T}"/> and <see cref="Validity"/>.</summary>
    public (nint Values, nint Validity) Members(int column)
    {
        var members = Vectors.DuckDBListVectorGetChild(DataChunks.DuckDBDataChunkGetVector(chunk, column));
        return ((nint)Vectors.DuckDBVectorGetData(members), (nint)Vectors.DuckDBVectorGetValidity(members));
    }
}
