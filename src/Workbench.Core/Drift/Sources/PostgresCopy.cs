using Npgsql;

namespace Workbench.Drift.Sources;

/// <summary>Streams rows by COPY in PostgreSQL's binary format: of one float8 column without an object a value.</summary>
internal static class PostgresCopy
{
    private const int Chunk = 2048;

    /// <summary>Takes a chunk of values; bit i of the validity is 0 where value i is NULL.</summary>
    public delegate void ChunkAction(ReadOnlySpan<double> values, ReadOnlySpan<ulong> validity);

    /// <param name="connection">Open, and not in use.</param>
    /// <param name="query">A SELECT of one float8 column.</param>
    /// <param name="onChunk">Called for each chunk.</param>
    /// <param name="cancellationToken">Stops the server's scan.</param>
    public static void Read(NpgsqlConnection connection, string query, ChunkAction onChunk, CancellationToken cancellationToken) =>
        Read(connection, query, rows => Read(rows, onChunk, cancellationToken), cancellationToken);

    /// <param name="connection">Open, and not in use.</param>
    /// <param name="query">A SELECT.</param>
    /// <param name="read">Reads all rows; the header is read.</param>
    /// <param name="cancellationToken">Stops the server's scan.</param>
    public static void Read(NpgsqlConnection connection, string query, Action<PostgresBinary> read, CancellationToken cancellationToken)
    {
        using var stream = connection.BeginRawBinaryCopy($"COPY ({query}) TO STDOUT (FORMAT BINARY)");
        // Also while the server sends nothing.
        using var cancel = cancellationToken.Register(stream.Cancel);
        try
        {
            var rows = new PostgresBinary(stream);
            rows.SkipHeader();
            read(rows);
        }
        catch (Exception failure) when (failure is not NpgsqlException)
        {
            // Else closing would wait for all rows that are left.
            stream.Cancel();
            throw;
        }
    }

    private static void Read(PostgresBinary rows, ChunkAction onChunk, CancellationToken cancellationToken)
    {
        var values = new double[Chunk];
        var validity = new ulong[Chunk / 64];
        int count = 0;
        while (rows.NextRow())
        {
            bool isNull = rows.ReadInt32() == PostgresBinary.Null;
            values[count] = isNull ? 0 : rows.ReadDouble();
            if (!isNull)
                validity[count >> 6] |= 1UL << (count & 63);
            if (++count < Chunk)
                continue;
            cancellationToken.ThrowIfCancellationRequested();
            onChunk(values, validity);
            Array.Clear(validity);
            count = 0;
        }
        onChunk(values.AsSpan(0, count), validity);
    }
}
