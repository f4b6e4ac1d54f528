using DuckDB.NET.Data;
using DuckDB.NET.Native;
using static DuckDB.NET.Native.NativeMethods;

namespace Workbench.Data;

/// <summary>Streams a result out of DuckDB as the vectors that DuckDB itself made: no object a value.</summary>
internal static unsafe class DuckVectorStream
{
    /// <summary>Takes up to 2,048 rows; the vectors are gone when it returns.</summary>
    public delegate void ChunkAction(DuckVectors vectors);

    /// <summary>Runs <paramref name="sql"/> and hands each chunk to <paramref name="onChunk"/>.</summary>
    /// <exception cref="DataException">DuckDB cannot run it.</exception>
    public static void Read(DuckDBConnection connection, string sql, ChunkAction onChunk, CancellationToken cancellationToken)
    {
        if (PreparedStatements.DuckDBPrepare(connection.NativeConnection, sql, out var statement) != DuckDBState.Success)
            using (statement)
                throw new DataException($"DuckDB cannot read the columns: {PreparedStatements.DuckDBPrepareError(statement)}");
        // A fetch that filters or sorts can take long: it must stop when it is told to, not when it ends.
        using var interrupt = cancellationToken.Register(() => Startup.DuckDBInterrupt(connection.NativeConnection));
        using (statement)
        {
            var state = PreparedStatements.DuckDBExecutePreparedStreaming(statement, out var result);
            try
            {
                if (state != DuckDBState.Success)
                    throw new DataException($"DuckDB cannot read the columns: {Query.DuckDBResultError(ref result)}");
                Fetch(result, onChunk, cancellationToken);
                if (Query.DuckDBResultError(ref result) is { Length: > 0 } error)
                    throw new DataException($"DuckDB stopped while it read the columns: {error}");
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
            onChunk(new(chunk, rows));
        }
    }
}
