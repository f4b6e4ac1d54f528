namespace Workbench.Data;

/// <summary>Finds the files that a path, glob or folder stands for.</summary>
internal static class TableLocator
{
    private static readonly string[] Extensions = [".parquet", ".csv", ".csv.gz"];

    public static bool IsParquet(string file) => file.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase);

    /// <returns>At least one file, all of one format, sorted.</returns>
    public static IReadOnlyList<string> Find(DuckSession session, string path)
    {
        var found = Directory.Exists(path) ? InFolder(path) : File.Exists(path) ? [path] : Matches(session, path);
        var files = found.Order(StringComparer.Ordinal).ToList();
        if (files.Count == 0)
            throw Missing(path);
        var formats = files.Select(Extension).Distinct().ToList();
        if (formats.Contains(null) || formats.Count > 1 && formats.Contains(".parquet"))
            throw new DataException($"'{path}' stands for {string.Join(", ", formats.Select(format => format ?? "files of unknown kind"))}. Allowed: {string.Join(", ", Extensions)}, and Parquet not mixed with CSV. Name the files more exactly.") { Origin = path };
        return files;
    }

    private static string? Extension(string file) => Extensions.FirstOrDefault(extension => file.EndsWith(extension, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> InFolder(string folder)
    {
        var visible = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file)[0] is not ('.' or '_')).ToList();
        var parquet = visible.Where(IsParquet).ToList();
        return parquet.Count > 0 ? parquet : visible.Where(file => Extension(file) is not null);
    }

    private static IEnumerable<string> Matches(DuckSession session, string path) =>
        path.AsSpan().IndexOfAny("*?[") < 0 ? [] : session.Query<string>("SELECT file FROM glob($path)", ("path", path));

    private static DataException Missing(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? Path.GetPathRoot(Path.GetFullPath(path))!; // a root has no parent, and is one
        if (!Directory.Exists(folder))
            return new DataException($"No file '{path}': the folder '{folder}' does not exist. Correct the path.") { Origin = path };
        var names = Directory.EnumerateFileSystemEntries(folder).Select(entry => Path.GetFileName(entry)).Where(name => name[0] is not '.').Order(StringComparer.Ordinal).ToList();
        string beside = names.Count == 0 ? "The folder is empty." : $"The folder holds: {string.Join(", ", names.Take(10))}{(names.Count > 10 ? $" and {names.Count - 10} more" : "")}.";
        return new DataException($"No table file '{path}'.{Suggestion.DidYouMean(Path.GetFileName(path), names)} {beside} Correct the path.") { Origin = path };
    }
}
