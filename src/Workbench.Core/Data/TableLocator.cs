namespace Workbench.Data;

/// <summary>Finds the files that a path, glob or folder stands for.</summary>
internal static class TableLocator
{
    public static bool IsParquet(string file) => file.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase);

    /// <param name="session">Where globs are expanded.</param>
    /// <param name="path">File, glob or folder.</param>
    /// <param name="extensions">What is allowed, of <see cref="TableFormats"/>.</param>
    /// <returns>At least one file, all of one format and none of 0 bytes, sorted.</returns>
    /// <exception cref="DataException">There is no such file, or it cannot be listed.</exception>
    public static IReadOnlyList<string> Find(DuckSession session, string path, IReadOnlyList<string> extensions)
    {
        try
        {
            return List(session, path, extensions);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"Cannot list the files of '{path}': {failure.Message} Make the folder readable, and see that nobody moves it meanwhile.", failure) { Origin = path };
        }
    }

    private static IReadOnlyList<string> List(DuckSession session, string path, IReadOnlyList<string> extensions)
    {
        var found = Directory.Exists(path) ? InFolder(path, extensions) : File.Exists(path) ? [path] : Matches(session, path);
        var files = found.Order(StringComparer.Ordinal).ToList();
        if (files.Count == 0)
            throw Missing(path, extensions);
        var format = TableFormats.Of(files[0], extensions);
        if (format is null || files.Exists(file => TableFormats.Of(file, extensions) != format))
            throw new DataException($"'{path}' stands for {string.Join(", ", files.Select(file => TableFormats.Of(file, extensions) is { } known ? $"{known} files" : "files of unknown kind").Distinct())}. Allowed: {string.Join(", ", extensions)}, and one kind at a time. Name the files more exactly.") { Origin = path };
        if (files.Find(file => new FileInfo(file).Length == 0) is { } empty)
            throw new DataException($"'{empty}' is empty (0 bytes). Write it again, or delete it.") { Origin = empty };
        return files;
    }

    private static IEnumerable<string> InFolder(string folder, IReadOnlyList<string> extensions)
    {
        var visible = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(IsVisible).ToList();
        // What is written beside Parquet is usually a copy or a log.
        foreach (var format in (ReadOnlySpan<TableFormat>)[TableFormat.Parquet, TableFormat.Csv, TableFormat.Json])
            if (visible.FindAll(file => TableFormats.Of(file, extensions) == format) is { Count: > 0 } files)
                return files;
        return [];
    }

    private static IEnumerable<string> Matches(DuckSession session, string path) =>
        path.AsSpan().IndexOfAny("*?[") < 0 ? [] : session.Query<string>("SELECT file FROM glob($path)", ("path", path)).Where(IsVisible);

    // A writer's temporary file starts with a dot.
    private static bool IsVisible(string file) => Path.GetFileName(file)[0] is not ('.' or '_');

    private static DataException Missing(string path, IReadOnlyList<string> extensions)
    {
        if (Directory.Exists(path))
            return new DataException($"The folder '{path}' holds no table file. Allowed: {string.Join(", ", extensions)}; names that start with a dot or underscore do not count. Name another folder.") { Origin = path };
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? Path.GetPathRoot(Path.GetFullPath(path))!; // a root has no parent, and is one
        if (!Directory.Exists(folder))
            return new DataException($"No file '{path}': the folder '{folder}' does not exist. Correct the path.") { Origin = path };
        var names = Directory.EnumerateFileSystemEntries(folder).Select(entry => Path.GetFileName(entry)).Where(name => name[0] is not '.').Order(StringComparer.Ordinal).ToList();
        string beside = names.Count == 0 ? "The folder is empty." : $"The folder holds: {string.Join(", ", names.Take(10))}{(names.Count > 10 ? $" and {names.Count - 10} more" : "")}.";
        return new DataException($"No table file '{path}'.{Suggestion.DidYouMean(Path.GetFileName(path), names)} {beside} Correct the path.") { Origin = path };
    }
}
