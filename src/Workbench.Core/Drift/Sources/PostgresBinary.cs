using System.Buffers.Binary;
using Workbench.Data;

namespace Workbench.Drift.Sources;

/// <summary>
/// Reads COPY's binary format (https://www.postgresql.org/docs/15/sql-copy.html#id-1.9.3.55.9.4) from a stream, with no more
/// than a chunk, or the longest value, in memory.
/// </summary>
internal sealed class PostgresBinary(Stream stream)
{
    /// <summary>Length of a value that is NULL.</summary>
    public const int Null = -1;

    // 11 bytes of signature, 4 of flags, 4 with the length of an extension, which no version has.
    private const int HeaderBytes = 19;
    private const short EndOfRows = -1;

    private byte[] _buffer = new byte[1 << 16];
    private int _position, _end;

    public void SkipHeader() => Take(HeaderBytes);

    /// <summary>Goes on to the next row; false when there is none.</summary>
    public bool NextRow() => ReadInt16() != EndOfRows;

    public bool ReadBoolean() => Take(1)[0] != 0;

    public short ReadInt16() => BinaryPrimitives.ReadInt16BigEndian(Take(2));

    public int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    public long ReadInt64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    public float ReadSingle() => BinaryPrimitives.ReadSingleBigEndian(Take(4));

    public double ReadDouble() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    /// <summary>Some bytes, which are gone with the next reading.</summary>
    public ReadOnlySpan<byte> Take(int count)
    {
        if (_end - _position < count)
            Fill(count);
        var bytes = _buffer.AsSpan(_position, count);
        _position += count;
        return bytes;
    }

    private void Fill(int count)
    {
        byte[] target = count <= _buffer.Length ? _buffer : new byte[count];
        _buffer.AsSpan(_position, _end - _position).CopyTo(target);
        (_buffer, _end, _position) = (target, _end - _position, 0);
        while (_end < count)
        {
            int read = stream.Read(_buffer.AsSpan(_end));
            if (read == 0)
                throw new DataException("PostgreSQL ended the rows in the middle of one. See the server's log, and try again.");
            _end += read;
        }
    }
}
