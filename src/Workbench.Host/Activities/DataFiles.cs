using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Workbench.Data;

namespace Workbench.Host.Activities;

/// <summary>Files as they are at one moment.</summary>
internal sealed record DataFiles(IReadOnlyList<FileInfo> Files)
{
    private static readonly EnumerationOptions Below = new() { RecurseSubdirectories = true, IgnoreInaccessible = false, AttributesToSkip = 0 };

    public long Bytes => Files.Sum(file => file.Length);

    /// <summary>The files that a path, glob or folder stands for, sorted; none when there is nothing.</summary>
    /// <exception cref="IOException">They cannot be listed, for example because one went meanwhile.</exception>
    public static DataFiles Find(string path)
    {
        IEnumerable<string> found = File.Exists(path) ? [path] : Directory.Exists(path) ? InFolder(path) : Matching(path);
        return new([.. found.Order(StringComparer.Ordinal).Select(file => new FileInfo(file))]);
    }

    /// <summary>A hash of names, sizes and times: the same while nothing comes, goes or changes.</summary>
    public string Fingerprint()
    {
        var lines = Files.Select(file => string.Create(CultureInfo.InvariantCulture, $"{file.FullName}\0{file.Length}\0{file.LastWriteTimeUtc.Ticks}\n"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines))));
    }

    private static IEnumerable<string> InFolder(string folder) =>
        Directory.EnumerateFiles(folder, "*", Below).Where(file => Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar).All(name => name[0] is not ('.' or '_')));

    // The same globs as those that read tables.
    private static IReadOnlyList<string> Matching(string path)
    {
        if (path.AsSpan().IndexOfAny("*?[") < 0)
            return [];
        using var session = DuckSession.Open();
        return [.. session.Query<string>("SELECT file FROM glob($path)", ("path", path)).Where(File.Exists)];
    }
}
