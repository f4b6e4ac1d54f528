using System.Buffers.Binary;
using Npgsql;
using Workbench.Data;

namespace Workbench.Drift.Sources;

/// <summary>
/// Streams one float8 column by COPY in PostgreSQL's binary format (https://www.postgresql.org/docs/15/sql-copy.html#id-1.9.3.55.9.4):
/// no object a value, and no more than a chunk in memory.
/// </summary>
internal static class PostgresCopy
{
    private const int Chunk = 2048;
    // 11 bytes of signature, 4 of flags, 4 with the length of an extension, which no version has.
    private const int HeaderBytes = 19;
    private const short EndOfRows = -1;
    private const int Null = -1;

    /// <summary>Takes a chunk of values; bit i of the validity is 0 where value i is NULL.</summary>
    public delegate void ChunkAction(ReadOnlySpan<double> values, ReadOnlySpan<ulong> validity);

    /// <param name="connection">Open, and not in use.</param>
    /// <param name="query">A SELECT of one float8 column.</param>
    /// <param name="onChunk">Called for each chunk.</param>
    /// <param name="cancellationToken">Stops the server's scan.</param>
    public static void Read(NpgsqlConnection connection, string query, ChunkAction onChunk, CancellationToken cancellationToken)
    {
        using var stream = connection.BeginRawBinaryCopy($"COPY ({query}) TO STDOUT (FORMAT BINARY)");
        // Also while the server sends nothing.
        using var cancel = cancellationToken.Register(stream.Cancel);
        try
        {
            Read(stream, onChunk, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Else closing would wait for all rows that are left.
            stream.Cancel();
            throw;
        }
    }

    private static void Read(Stream stream, ChunkAction onChunk, CancellationToken cancellationToken)
    {
        var rows = new Rows(stream);
        rows.Skip(HeaderBytes);
        var values = new double[Chunk];
        var validity = new ulong[Chunk / 64];
        int count = 0;
        while (rows.ReadInt16() != EndOfRows)
        {
            bool isNull = rows.ReadInt32() == Null;
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

    private sealed class Rows(Stream stream)
    {
        private readonly byte[] _buffer = new byte[1 << 16];
        private int _position, _end;

        public void Skip(int count) => Next(count);

        public short ReadInt16() => BinaryPrimitives.ReadInt16BigEndian(Next(2));

        public int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Next(4));

        public double ReadDouble() => BinaryPrimitives.ReadDoubleBigEndian(Next(8));

        private ReadOnlySpan<byte> Next(int count)
        {
            if (_end - _position < count)
                Fill(count);
            var bytes = _buffer.AsSpan(_position, count);
            _position += count;
            return bytes;
        }

        private void Fill(int count)
        {
            _buffer.AsSpan(_position, _end - _position).CopyTo(_buffer);
            (_end, _position) = (_end - _position, 0);
            while (_end < count)
            {
                int read = stream.Read(_buffer.AsSpan(_end));
                if (read == 0)
                    throw new DataException("PostgreSQL ended the rows in the middle of one. See the server's log, and try again.");
                _end += read;
            }
        }
    }
}
