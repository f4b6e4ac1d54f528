using System.Text.Json;
using Workbench.Data;

namespace Workbench.Training;

/// <summary>The JSON header of a safetensors file: which tensors there are, without holes or overlaps, and free-form metadata.</summary>
internal sealed record SafeTensorsHeader(IReadOnlyList<SafeTensorEntry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The limit of the reference implementation.</summary>
    public const long MaxBytes = 100_000_000;
    private const string MetadataName = "__metadata__";

    /// <summary>Reads and checks a header; the entries come in the order of their data.</summary>
    /// <param name="json">The header.</param>
    /// <param name="dataBytes">How many bytes follow it.</param>
    /// <param name="origin">The file, for messages.</param>
    public static SafeTensorsHeader Parse(ReadOnlyMemory<byte> json, long dataBytes, string origin)
    {
        try
        {
            using var header = JsonDocument.Parse(json);
            return new(ReadEntries(header.RootElement, dataBytes, origin), ReadMetadata(header.RootElement));
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Damaged(origin, $"its header is not readable ({failure.Message})", failure);
        }
    }

    /// <summary>The header's bytes, padded to a multiple of 8; metadata first, as the reference implementation writes it.</summary>
    /// <exception cref="ArgumentException">A name appears twice or is reserved, or a length does not fit a shape.</exception>
    public byte[] ToBytes()
    {
        var names = new HashSet<string>(StringComparer.Ordinal) { MetadataName };
        var header = new Dictionary<string, object>();
        if (Metadata.Count > 0)
            header[MetadataName] = Metadata;
        foreach (var entry in Entries)
        {
            if (!names.Add(entry.Name))
                throw new ArgumentException($"The name '{entry.Name}' is reserved or appears twice. Give every tensor its own.");
            if (Misfit(entry) is { } misfit)
                throw new ArgumentException($"Cannot write: {misfit}.");
            header[entry.Name] = new { dtype = entry.Type, shape = entry.Shape, data_offsets = new[] { entry.Start, entry.Start + entry.Length } };
        }
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header);
        int padded = (json.Length + 7) / 8 * 8;
        return [.. json, .. Enumerable.Repeat((byte)' ', padded - json.Length)];
    }

    /// <summary>Entries that lie one after the other.</summary>
    public static SafeTensorsHeader Of(IEnumerable<(string Name, string Type, IReadOnlyList<long> Shape, long Length)> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        long start = 0;
        var entries = new List<SafeTensorEntry>();
        foreach (var (name, type, shape, length) in tensors)
        {
            entries.Add(new() { Name = name, Type = type, Shape = shape, Start = start, Length = length });
            start += length;
        }
        return new(entries, metadata);
    }

    /// <summary>Bytes of an element; 0 for an unknown type.</summary>
    public static int ElementBytes(string type) => type switch
    {
        "F64" or "I64" or "U64" => 8,
        "F32" or "I32" or "U32" => 4,
        "F16" or "BF16" or "I16" or "U16" => 2,
        "I8" or "U8" or "BOOL" => 1,
        _ => 0,
    };

    /// <summary>The error for a file that is not what it should be.</summary>
    public static DataException Damaged(string origin, string why, Exception? cause = null) =>
        new($"'{origin}' is no whole safetensors file: {why}. Fetch or train it again.", cause) { Origin = origin };

    private static List<SafeTensorEntry> ReadEntries(JsonElement header, long dataBytes, string origin)
    {
        var entries = header.EnumerateObject().Where(field => field.Name != MetadataName).Select(field => ReadEntry(field.Name, field.Value))
            .OrderBy(entry => entry.Start).ThenBy(entry => entry.Length).ToList();
        if (entries.Select(entry => entry.Name).Distinct(StringComparer.Ordinal).Count() != entries.Count)
            throw Damaged(origin, "its header names a tensor twice");
        long expectedStart = 0;
        foreach (var entry in entries)
        {
            if (entry.Start != expectedStart || entry.Length < 0 || entry.Length > dataBytes - entry.Start)
                throw Damaged(origin, $"tensor '{entry.Name}' lies at {entry.Start:N0} to {entry.Start + entry.Length:N0}, where {expectedStart:N0} to at most {dataBytes:N0} was expected");
            if (Misfit(entry) is { } misfit)
                throw Damaged(origin, misfit);
            expectedStart = entry.Start + entry.Length;
        }
        return expectedStart == dataBytes ? entries : throw Damaged(origin, $"{dataBytes - expectedStart:N0} bytes belong to no tensor");
    }

    private static SafeTensorEntry ReadEntry(string name, JsonElement value)
    {
        var offsets = value.GetProperty("data_offsets");
        if (offsets.GetArrayLength() != 2)
            throw new FormatException("data_offsets needs two numbers");
        return new()
        {
            Name = name,
            Type = value.GetProperty("dtype").GetString() ?? "",
            Shape = value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToList(),
            Start = offsets[0].GetInt64(),
            Length = offsets[1].GetInt64() - offsets[0].GetInt64(),
        };
    }

    private static Dictionary<string, string> ReadMetadata(JsonElement header) =>
        header.TryGetProperty(MetadataName, out var metadata)
            ? metadata.EnumerateObject().ToDictionary(field => field.Name, field => field.Value.GetString() ?? "")
            : [];

    /// <summary>Why an entry's type, shape and length do not belong together; null when they do.</summary>
    private static string? Misfit(SafeTensorEntry entry)
    {
        int elementBytes = ElementBytes(entry.Type);
        if (elementBytes == 0)
            return $"tensor '{entry.Name}' has the unknown type '{entry.Type}'";
        var bytes = (UInt128)elementBytes;
        foreach (long size in entry.Shape)
        {
            if (size < 0 || bytes > long.MaxValue)
                return $"tensor '{entry.Name}' has the impossible shape [{string.Join(", ", entry.Shape)}]";
            bytes *= (UInt128)size;
        }
        return bytes == (UInt128)entry.Length
            ? null
            : $"tensor '{entry.Name}' of type {entry.Type} and shape [{string.Join(", ", entry.Shape)}] takes {bytes} bytes and has {entry.Length:N0}";
    }
}
