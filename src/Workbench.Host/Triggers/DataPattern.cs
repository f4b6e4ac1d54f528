using System.IO.Enumeration;
using Workbench.Workflows;

namespace Workbench.Host.Triggers;

/// <summary>
/// What lies where a trigger looks: a file, a glob with * and ? in a name and ** for any folders, or folders when the pattern ends
/// in a slash. Names that begin with a dot or an underscore are work in progress and are left out where the pattern does not name them.
/// </summary>
internal static class DataPattern
{
    /// <summary>So many files are looked at, each time anew.</summary>
    private const int MostFiles = 20_000;
    private const string AnyFolders = "**";

    /// <summary>The files or folders that match, by path; a folder without files is none yet.</summary>
    /// <exception cref="WorkflowException">There are more files than a trigger looks at.</exception>
    public static IReadOnlyList<DataUnit> Find(string project, string pattern)
    {
        var isRooted = Path.IsPathRooted(pattern);
        var segments = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(segment => segment != ".").ToList();
        var isFolder = pattern.EndsWith('/') || segments is [.., AnyFolders] || Directory.Exists(Path.Combine(project, pattern));
        var count = 0;
        return
        [
            .. Walk(isRooted ? Path.GetPathRoot(pattern)! : project, segments, isFolder).Distinct().Order(StringComparer.Ordinal)
                .Select(path => new DataUnit(Name(path), [.. (isFolder ? FilesBelow(path) : [path]).Select(Describe).OfType<DataFile>()]))
                .Where(unit => unit.Files.Count > 0),
        ];

        string Name(string path) => (isRooted ? path : Path.GetRelativePath(project, path)).Replace('\\', '/');

        DataFile? Describe(string path)
        {
            var file = new FileInfo(path);
            if (!file.Exists) // Gone since it was listed.
                return null;
            return ++count <= MostFiles ? new(Name(path), file.Length, new(file.LastWriteTimeUtc)) : throw new WorkflowException(
                $"'{pattern}' matches more than {MostFiles} files. Name fewer, for example the folders of one month: data/dt=2026-11-*/.");
        }
    }

    private static IEnumerable<string> Walk(string folder, IReadOnlyList<string> segments, bool isFolder)
    {
        if (segments.Count == 0)
            return isFolder ? [folder] : [];
        var (first, rest) = (segments[0], segments.Skip(1).ToList());
        if (!Directory.Exists(folder))
            return [];
        if (first == AnyFolders)
            return Walk(folder, rest, isFolder).Concat(Folders(folder, "*").SelectMany(sub => Walk(sub, segments, isFolder)));
        if (rest.Count == 0 && !isFolder)
            return Files(folder, first);
        return Folders(folder, first).SelectMany(sub => Walk(sub, rest, isFolder));
    }

    private static IEnumerable<string> Files(string folder, string name) =>
        !IsGlob(name) ? [Path.Combine(folder, name)] : Directory.EnumerateFiles(folder).Where(path => Matches(name, path));

    // Linked folders may lead in a circle; one that is named is meant.
    private static IEnumerable<string> Folders(string folder, string name) =>
        !IsGlob(name) ? [Path.Combine(folder, name)] : Directory.EnumerateDirectories(folder).Where(path => Matches(name, path) && !File.GetAttributes(path).HasFlag(FileAttributes.ReparsePoint));

    private static IEnumerable<string> FilesBelow(string folder) => !Directory.Exists(folder) ? []
        : Directory.EnumerateFiles(folder).Where(path => !IsHidden(path)).Order(StringComparer.Ordinal)
            .Concat(Folders(folder, "*").Order(StringComparer.Ordinal).SelectMany(FilesBelow));

    private static bool Matches(string pattern, string path) =>
        FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileName(path), ignoreCase: false) && (!IsHidden(path) || pattern[0] is '.' or '_');

    private static bool IsHidden(string path) => Path.GetFileName(path) is ['.' or '_', ..];

    private static bool IsGlob(string name) => name.Contains('*') || name.Contains('?');
}
