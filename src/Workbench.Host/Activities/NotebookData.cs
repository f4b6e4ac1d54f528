using System.Text.Json.Nodes;
using Microsoft.Extensions.FileSystemGlobbing;
using Workbench.Data;
using Workbench.Notebooks.Running;

namespace Workbench.Host.Activities;

/// <summary>
/// The data that a run is known to read: files that its parameters name, and files that the notebook says it reads, in
/// <c>metadata.workbench.data</c> (a list of paths or globs). Others that a cell opens by itself are not known.
/// </summary>
internal static class NotebookData
{
    /// <summary>SHA-256 of each file, by the path as it is named, relative to the run's working folder.</summary>
    /// <exception cref="DataException">A file that the notebook names does not exist, or cannot be read.</exception>
    public static SortedDictionary<string, string> Hash(PreparedRun run)
    {
        var files = run.Parameters.Values.SelectMany(Texts).Where(text => text.Length is > 0 and < 4096 && !text.Contains('\0', StringComparison.Ordinal))
            .Where(text => File.Exists(Path.Combine(run.WorkingDirectory, text)));
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in files.Concat(Declared(run)).Distinct())
            hashes[file] = DataSnapshot.HashFile(Path.Combine(run.WorkingDirectory, file));
        return hashes;
    }

    private static IEnumerable<string> Declared(PreparedRun run) =>
        Texts((run.Document.Metadata["workbench"] as JsonObject)?["data"]).SelectMany(pattern => Matching(pattern, run.WorkingDirectory));

    private static IEnumerable<string> Matching(string pattern, string folder)
    {
        if (File.Exists(Path.Combine(folder, pattern)))
            return [pattern];
        // A matcher knows no way up, so "../data/*.csv" starts where its fixed part ends.
        var parts = pattern.Split('/');
        int isFixed = Array.FindIndex(parts, part => part.Contains('*', StringComparison.Ordinal));
        var start = string.Join('/', parts.Take(Math.Max(isFixed, 0)));
        var found = isFixed < 0 || !Directory.Exists(Path.Combine(folder, start)) ? []
            : new Matcher().AddInclude(string.Join('/', parts.Skip(isFixed))).GetResultsInFullPath(Path.Combine(folder, start)).Select(file => Path.GetRelativePath(folder, file)).ToList();
        return found.Count > 0 ? found : throw new DataException(
            $"The notebook names the data '{pattern}' in its metadata (workbench.data), and no such file is below '{folder}'. Bring the data, or correct the metadata.") { Origin = folder, Value = pattern };
    }

    private static IEnumerable<string> Texts(JsonNode? value) => value switch
    {
        JsonArray list => list.SelectMany(Texts),
        JsonValue scalar when scalar.TryGetValue(out string? text) => [text],
        _ => [],
    };
}
