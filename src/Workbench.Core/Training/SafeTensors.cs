using System.Buffers.Binary;
using Workbench.Data;

namespace Workbench.Training;

/// <summary>
/// Reader and writer of the safetensors format (https://github.com/huggingface/safetensors#format): 8 bytes header
/// length, a JSON header, raw data without holes or overlaps. In memory, up to 2 GB; <see cref="SafeTensorsFile"/> streams.
/// </summary>
public static class SafeTensors
{
    /// <summary>The bytes of a safetensors file; the same tensors in the same order give the same bytes.</summary>
    /// <exception cref="ArgumentException">A name appears twice or is reserved, or a tensor's data do not fit its shape.</exception>
    public static byte[] Write(IReadOnlyList<SafeTensor> tensors)
    {
        byte[] header = SafeTensorsHeader.Of(tensors.Select(tensor => (tensor.Name, tensor.Type, tensor.Shape, (long)tensor.Data.Length)), new Dictionary<string, string>())
            .ToBytes();
        var file = new MemoryStream();
        file.Write(BitConverter.GetBytes((ulong)header.Length));
        file.Write(header);
        foreach (var tensor in tensors)
            file.Write(tensor.Data.Span);
        return file.ToArray();
    }

    /// <summary>The tensors of a safetensors file in the order of their data. They share <paramref name="file"/>'s memory.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="origin">Where the bytes come from, for messages.</param>
    /// <exception cref="DataException">The bytes are no safetensors file: truncated, overlapping, with holes, or of unknown types.</exception>
    public static IReadOnlyList<SafeTensor> Read(ReadOnlyMemory<byte> file, string origin)
    {
        int headerBytes = HeaderBytes(file.Span, file.Length, origin);
        var data = file[(8 + headerBytes)..];
        return SafeTensorsHeader.Parse(file.Slice(8, headerBytes), data.Length, origin).Entries.Select(entry => new SafeTensor
        {
            Name = entry.Name, Type = entry.Type, Shape = entry.Shape, Data = data.Slice((int)entry.Start, (int)entry.Length),
        }).ToList();
    }

    /// <summary>Length of the header of a file that starts with <paramref name="start"/>.</summary>
    internal static int HeaderBytes(ReadOnlySpan<byte> start, long fileBytes, string origin)
    {
        if (fileBytes < 8)
            throw SafeTensorsHeader.Damaged(origin, $"it has {fileBytes} bytes and a header length takes 8");
        ulong headerBytes = BinaryPrimitives.ReadUInt64LittleEndian(start);
        if (headerBytes > (ulong)Math.Min(SafeTensorsHeader.MaxBytes, fileBytes - 8))
            throw SafeTensorsHeader.Damaged(origin, $"its header claims {headerBytes:N0} bytes and {fileBytes - 8:N0} follow");
        return (int)headerBytes;
    }
}
