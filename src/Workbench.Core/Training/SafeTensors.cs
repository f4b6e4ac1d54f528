using System.Buffers.Binary;
using System.Text.Json;
using Workbench.Data;

namespace Workbench.Training;

/// <summary>
/// Reader and writer of the safetensors format (https://github.com/huggingface/safetensors#format): 8 bytes header
/// length, a JSON header, raw data without holes or overlaps. Files up to 2 GB.
/// </summary>
public static class SafeTensors
{
    private const string MetadataName = "__metadata__";
    private const long MaxHeaderBytes = 100_000_000;   // the limit of the reference implementation

    /// <summary>The bytes of a safetensors file; the same tensors in the same order give the same bytes.</summary>
    /// <exception cref="ArgumentException">A name appears twice or is reserved, or a tensor's data do not fit its shape.</exception>
    public static byte[] Write(IReadOnlyList<SafeTensor> tensors)
    {
        byte[] header = Header(tensors);
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
        if (file.Length < 8)
            throw Damaged(origin, $"it has {file.Length} bytes and a header length takes 8");
        ulong headerBytes = BinaryPrimitives.ReadUInt64LittleEndian(file.Span);
        if (headerBytes > (ulong)Math.Min(MaxHeaderBytes, file.Length - 8))
            throw Damaged(origin, $"its header claims {headerBytes:N0} bytes and {file.Length - 8:N0} follow");
        var data = file[(8 + (int)headerBytes)..];
        try
        {
            using var header = JsonDocument.Parse(file.Slice(8, (int)headerBytes));
            return ReadTensors(header.RootElement, data, origin);
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Damaged(origin, $"its header is not readable ({failure.Message})", failure);
        }
    }

    private static List<SafeTensor> ReadTensors(JsonElement header, ReadOnlyMemory<byte> data, string origin)
    {
        var entries = header.EnumerateObject().Where(entry => entry.Name != MetadataName)
            .Select(entry => (entry.Name, entry.Value, Start: Offset(entry.Value, 0), End: Offset(entry.Value, 1)))
            .OrderBy(entry => entry.Start).ThenBy(entry => entry.End).ToList();
        if (entries.Select(entry => entry.Name).Distinct(StringComparer.Ordinal).Count() != entries.Count)
            throw Damaged(origin, "its header names a tensor twice");
        long expectedStart = 0;
        var tensors = new List<SafeTensor>();
        foreach (var (name, value, start, end) in entries)
        {
            if (start != expectedStart || end < start || end > data.Length)
                throw Damaged(origin, $"tensor '{name}' lies at {start:N0} to {end:N0}, where {expectedStart:N0} to at most {data.Length:N0} was expected");
            tensors.Add(ReadTensor(name, value, data[(int)start..(int)end], origin));
            expectedStart = end;
        }
        return expectedStart == data.Length ? tensors : throw Damaged(origin, $"{data.Length - expectedStart:N0} bytes belong to no tensor");
    }

    private static SafeTensor ReadTensor(string name, JsonElement value, ReadOnlyMemory<byte> data, string origin)
    {
        var tensor = new SafeTensor
        {
            Name = name,
            Type = value.GetProperty("dtype").GetString() ?? "",
            Shape = value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToList(),
            Data = data,
        };
        return Misfit(tensor) is { } misfit ? throw Damaged(origin, misfit) : tensor;
    }

    private static long Offset(JsonElement tensor, int index)
    {
        var offsets = tensor.GetProperty("data_offsets");
        if (offsets.GetArrayLength() != 2)
            throw new FormatException("data_offsets needs two numbers");
        return offsets[index].GetInt64();
    }

    private static byte[] Header(IReadOnlyList<SafeTensor> tensors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal) { MetadataName };
        long offset = 0;
        var header = new Dictionary<string, object>();
        foreach (var tensor in tensors)
        {
            if (!names.Add(tensor.Name))
                throw new ArgumentException($"The name '{tensor.Name}' is reserved or appears twice. Give every tensor its own.", nameof(tensors));
            if (Misfit(tensor) is { } misfit)
                throw new ArgumentException($"Cannot write: {misfit}.", nameof(tensors));
            header[tensor.Name] = new { dtype = tensor.Type, shape = tensor.Shape, data_offsets = new[] { offset, offset + tensor.Data.Length } };
            offset += tensor.Data.Length;
        }
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header);
        int padded = (json.Length + 7) / 8 * 8;
        return [.. json, .. Enumerable.Repeat((byte)' ', padded - json.Length)];
    }

    /// <summary>Why a tensor's type, shape and data do not belong together; null when they do.</summary>
    private static string? Misfit(SafeTensor tensor)
    {
        int elementBytes = tensor.Type switch
        {
            "F64" or "I64" or "U64" => 8,
            "F32" or "I32" or "U32" => 4,
            "F16" or "BF16" or "I16" or "U16" => 2,
            "I8" or "U8" or "BOOL" => 1,
            _ => 0,
        };
        if (elementBytes == 0)
            return $"tensor '{tensor.Name}' has the unknown type '{tensor.Type}'";
        UInt128 bytes = (UInt128)elementBytes;
        foreach (long size in tensor.Shape)
        {
            if (size is < 0 or > int.MaxValue || bytes > int.MaxValue)
                return $"tensor '{tensor.Name}' has the impossible shape [{string.Join(", ", tensor.Shape)}]";
            bytes *= (UInt128)size;
        }
        return bytes == (UInt128)tensor.Data.Length
            ? null
            : $"tensor '{tensor.Name}' of type {tensor.Type} and shape [{string.Join(", ", tensor.Shape)}] takes {bytes} bytes and has {tensor.Data.Length:N0}";
    }

    private static DataException Damaged(string origin, string why, Exception? cause = null) =>
        new($"'{origin}' is no whole safetensors file: {why}. Fetch or train it again.", cause) { Origin = origin };
}
