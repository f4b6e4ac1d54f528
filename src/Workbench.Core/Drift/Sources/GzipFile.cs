using System.IO.Compression;

namespace Workbench.Drift.Sources;

/// <summary>A check that a gzip file, of one or of several members (RFC 1952, 2.2), has its end.</summary>
internal static class GzipFile
{
    // No text file ends so, being no UTF-8 or UTF-16.
    private static readonly byte[] Mark = [0xFF, 0, 0xFF, 0xFE, 0xFD, 0, 0xFF, 0xFC];

    /// <summary>
    /// Whether a further member behind the file's own would be read as one. Behind a torn member it is taken for that one's rest, and
    /// either does not unpack or has another content.
    /// </summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static bool IsWhole(string file, CancellationToken cancellationToken)
    {
        using var content = new GZipStream(new Joined(File.OpenRead(file), Pack(Mark)), CompressionMode.Decompress);
        var buffer = new byte[1 << 16];
        int kept = 0; // the last bytes so far, at the buffer's start
        try
        {
            for (int read; (read = content.Read(buffer, kept, buffer.Length - kept)) > 0;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int end = kept + read;
                kept = Math.Min(end, Mark.Length);
                buffer.AsSpan(end - kept, kept).CopyTo(buffer);
            }
        }
        catch (InvalidDataException)
        {
            return false;
        }
        return buffer.AsSpan(0, kept).SequenceEqual(Mark);
    }

    private static MemoryStream Pack(byte[] content)
    {
        var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            stream.Write(content);
        packed.Position = 0;
        return packed;
    }

    /// <summary>One stream after the other, read once.</summary>
    private sealed class Joined(Stream first, Stream second) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer) => first.Read(buffer) is > 0 and var read ? read : second.Read(buffer);
        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            first.Dispose();
            second.Dispose();
            base.Dispose(disposing);
        }
    }
}
