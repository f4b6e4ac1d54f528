using DuckDB.NET.Data;
using DuckDB.NET.Native;
using Workbench.Data;
using static DuckDB.NET.Native.NativeMethods;

namespace Workbench.Drift;

/// <summary>Streams one DOUBLE column out of DuckDB as the vectors that DuckDB itself made: no object a value.</summary>
internal static unsafe class DuckColumnStream
{
    /// <summary>Takes up to 2,048 values. Bit i of <paramref name="validity"/> is 0 where value i is NULL, and the value is then garbage; an empty validity means no NULL.</summary>
    public delegate void ChunkAction(ReadOnlySpan<double> values, ReadOnlySpan<ulong> validity);

    /// <summary>Runs <paramref name="sql"/>, whose first column is a DOUBLE, and hands each vector to <paramref name="onChunk"/>.</summary>
    /// <exception cref="DataException">DuckDB cannot run it.</exception>
    public static void Read(DuckDBConnection connection, string sql, ChunkAction onChunk, CancellationToken cancellationToken)
    {
        if (PreparedStatements.DuckDBPrepare(connection.NativeConnection, sql, out var statement) != DuckDBState.Success)
            using (statement)
                throw new DataException($"DuckDB cannot read the column: {PreparedStatements.DuckDBPrepareError(statement)}");
        using (statement)
        {
            var state = PreparedStatements.DuckDBExecutePreparedStreaming(statement, out var result);
            try
            {
                if (state != DuckDBState.Success)
                    throw new DataException($"DuckDB cannot read the column: {Query.DuckDBResultError(ref result)}");
                Fetch(result, onChunk, cancellationToken);
                if (Query.DuckDBResultError(ref result) is { Length: > 0 } error)
                    throw new DataException($"DuckDB stopped while it read the column: {error}");
            }
            finally
            {
                Query.DuckDBDestroyResult(ref result);
            }
        }
    }

    private static void Fetch(DuckDBResult result, ChunkAction onChunk, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var chunk = StreamingResult.DuckDBStreamFetchChunk(result);
            int rows = chunk.IsInvalid ? 0 : (int)DataChunks.DuckDBDataChunkGetSize(chunk);
            if (rows == 0)
                return;
            var vector = DataChunks.DuckDBDataChunkGetVector(chunk, 0);
            ulong* validity = Vectors.DuckDBVectorGetValidity(vector);
            onChunk(
                new ReadOnlySpan<double>(Vectors.DuckDBVectorGetData(vector), rows),
                validity == null ? [] : new ReadOnlySpan<ulong>(validity, (rows + 63) / 64));
        }
    }
}
