using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Workbench.Data;

namespace Workbench.Drift.Sketches;

/// <summary>
/// The file of a profile, all numbers little-endian: "WBDRIFTP"; format version, key rule (4 bytes each); length of the
/// content (8); the content, compressed by Brotli; SHA-256 of all before (32). A binary file of our own because Parquet would
/// need a table for each kind of column, and would not notice a flipped bit.
/// </summary>
internal static class ProfileFile
{
    private const int Version = 1;
    private const int HeaderBytes = 24;
    private const int BufferBytes = 1 << 16;
    private const int HashBytes = SHA256.HashSizeInBytes;
    private static readonly byte[] Magic = "WBDRIFTP"u8.ToArray();

    public static void Write(DriftProfile profile, Stream stream)
    {
        using var content = new MemoryStream();
        using (var compressed = new BrotliStream(content, CompressionLevel.Fastest, leaveOpen: true))
        // Brotli's fastest level makes a block of each write, however small.
        using (var writer = new BinaryWriter(new BufferedStream(compressed, BufferBytes), Encoding.UTF8))
            ProfileContent.Write(profile, writer);
        var header = new byte[HeaderBytes];
        Magic.CopyTo(header, 0);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), Version);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(12), SketchKey.Rule);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(16), content.Length);
        byte[] body = content.ToArray();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header);
        hash.AppendData(body);
        stream.Write(header);
        stream.Write(body);
        stream.Write(hash.GetHashAndReset());
    }

    public static DriftProfile Read(string path, byte[] file)
    {
        if (!file.AsSpan(0, Math.Min(file.Length, Magic.Length)).SequenceEqual(Magic.AsSpan(0, Math.Min(file.Length, Magic.Length))) || file.Length == 0)
            throw Refuse(path, "is no drift profile. Make one with 'workbench drift profile' or DriftProfile.Save.");
        if (file.Length < HeaderBytes)
            throw Truncated(path, file.Length, HeaderBytes);
        RequireVersion(path, "format version", BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(8)), Version);
        RequireVersion(path, "key rule", BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(12)), SketchKey.Rule);
        long length = BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(16)), expected = HeaderBytes + length + HashBytes;
        if (length < 0 || file.Length > expected)
            throw Damaged(path);
        if (file.Length < expected)
            throw Truncated(path, file.Length, expected);
        if (!SHA256.HashData(file.AsSpan(0, file.Length - HashBytes)).AsSpan().SequenceEqual(file.AsSpan(file.Length - HashBytes)))
            throw Damaged(path);
        using var content = new BrotliStream(new MemoryStream(file, HeaderBytes, (int)length), CompressionMode.Decompress);
        using var reader = new BinaryReader(new BufferedStream(content, BufferBytes), Encoding.UTF8);
        return ProfileContent.Read(reader);
    }

    private static void RequireVersion(string path, string what, int found, int known)
    {
        if (found != known)
            throw Refuse(path, $"has {what} {found}, and this version of Workbench reads {what} {known}. Profile the data again, or read it with the version that wrote it.");
    }

    private static DataException Truncated(string path, long found, long expected) =>
        Refuse(path, $"is incomplete: it has {found:N0} of {expected:N0} bytes. Copy it again, or profile the data again.");

    private static DataException Damaged(string path) => Refuse(path, "is damaged: its checksum does not fit its bytes. Copy it again, or profile the data again.");

    private static DataException Refuse(string path, string why) => new($"The profile '{path}' {why}") { Origin = path };
}
