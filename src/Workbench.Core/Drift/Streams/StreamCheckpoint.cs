using System.Text.Json;
using Workbench.Data;

namespace Workbench.Drift.Streams;

/// <summary>
/// How far a column was read as a stream, and the watch over it: kept in a file between two runs. The same file is read on
/// after its last row, another file, such as the next day's, from its start.
/// </summary>
public sealed record StreamCheckpoint
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Full path of the file that was read last.</summary>
    public required string Path { get; init; }
    /// <summary>The column.</summary>
    public required string Column { get; init; }
    /// <summary>Rows of that file that were seen.</summary>
    public required long Rows { get; init; }
    /// <summary>What <see cref="StreamWatch.Save"/> wrote.</summary>
    public required string Watch { get; init; }

    /// <summary>How many rows of <paramref name="path"/> were seen already.</summary>
    public long SeenOf(string path) => System.IO.Path.GetFullPath(path) == Path ? Rows : 0;

    /// <summary>Writes the file; a reader sees the old content or the new.</summary>
    /// <exception cref="DataException">It cannot be written.</exception>
    public void Save(string file) => AtomicFile.WriteAllText(file, JsonSerializer.Serialize(this, Json));

    /// <summary>Reads what <see cref="Save"/> wrote; null when there is no such file.</summary>
    /// <exception cref="DataException">The file is no checkpoint.</exception>
    public static StreamCheckpoint? Load(string file)
    {
        if (!File.Exists(file))
            return null;
        try
        {
            return JsonSerializer.Deserialize<StreamCheckpoint>(File.ReadAllText(file), Json) ?? throw new JsonException("it is null.");
        }
        catch (JsonException failure)
        {
            throw new DataException($"'{file}' is no state of a stream: {failure.Message} Delete it to start anew, or name another file.", failure) { Origin = file };
        }
    }
}
