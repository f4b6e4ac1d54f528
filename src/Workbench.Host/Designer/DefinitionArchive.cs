using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Workflows;
using Workbench.Workflows.Model;

namespace Workbench.Host.Designer;

/// <summary>Definitions as files: one as JSON, several as a zip of such files.</summary>
internal static class DefinitionArchive
{
    private const int MostFiles = 1000;
    private const int LargestFile = 16 * 1024 * 1024;
    private const int LargestArchive = 64 * 1024 * 1024;

    public static string FileName(WorkflowDefinition definition) => $"workflow-definition-{Safe(definition.DefinitionId)}-v{definition.Version}.json";

    /// <summary>A zip with one JSON file a definition.</summary>
    public static byte[] Pack(IEnumerable<WorkflowDefinition> definitions)
    {
        var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var definition in definitions)
            {
                using var file = zip.CreateEntry(FileName(definition)).Open();
                file.Write(Encoding.UTF8.GetBytes(definition.ToJson()));
            }
        return memory.ToArray();
    }

    /// <summary>The definitions in a file: one of JSON, or a zip of such files.</summary>
    /// <exception cref="WorkflowException">The file is neither, or too large; names it.</exception>
    public static IReadOnlyList<JsonObject> Unpack(string name, Stream content)
    {
        if (!name.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
            return [Parse(name, content)];
        try
        {
            using var zip = new ZipArchive(Read(name, content, LargestArchive), ZipArchiveMode.Read);
            if (zip.Entries.Count > MostFiles)
                throw new WorkflowException($"'{name}' holds {zip.Entries.Count} files; at most {MostFiles} are taken at once.");
            return [.. zip.Entries.Where(entry => entry.Name.EndsWith(".json", StringComparison.OrdinalIgnoreCase)).Select(entry =>
            {
                using var file = entry.Open();
                return Parse(entry.FullName, file);
            })];
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException) // A few bytes that are no zip are an I/O error to the reader.
        {
            throw new WorkflowException($"'{name}' is no zip file: {failure.Message}", failure);
        }
    }

    private static JsonObject Parse(string name, Stream content)
    {
        try
        {
            return JsonNode.Parse(WithoutMark(Read(name, content, LargestFile).ToArray())) as JsonObject ?? throw new WorkflowException($"'{name}' holds no JSON object.");
        }
        catch (JsonException failure)
        {
            throw new WorkflowException($"'{name}' is no valid JSON: {failure.Message}", failure);
        }
    }

    // What a zip says of its sizes is not believed: reading stops at the limit.
    private static MemoryStream Read(string name, Stream content, int largest)
    {
        var memory = new MemoryStream();
        var buffer = new byte[81920];
        for (int read; (read = content.Read(buffer)) > 0;)
        {
            memory.Write(buffer, 0, read);
            if (memory.Length > largest)
                throw new WorkflowException($"'{name}' is larger than {largest / 1024 / 1024} MiB, which no definition is.");
        }
        memory.Position = 0;
        return memory;
    }

    // Editors on Windows begin a file with a byte order mark.
    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> text) => text.StartsWith(Encoding.UTF8.Preamble) ? text[Encoding.UTF8.Preamble.Length..] : text;

    private static string Safe(string id) => string.Concat(id.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' ? letter : '_'));
}
