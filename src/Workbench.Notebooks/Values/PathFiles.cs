using System.Text.Json;
using Workbench.Data;

namespace Workbench.Notebooks.Values;

/// <summary>A <see cref="FileInfo"/> or <see cref="DirectoryInfo"/>: a copy of the file, or of the folder with all below it.</summary>
internal static class PathFiles
{
    private const string Content = "files";
    private const string DescriptionFile = "path.json";

    // Folders are listed because a store of files keeps no empty ones.
    private sealed record Description(string Name, IReadOnlyList<string> Folders);

    /// <exception cref="DataException">Nothing is at the path.</exception>
    public static void Save(FileSystemInfo path, string folder)
    {
        path.Refresh();
        if (!path.Exists)
            throw new DataException($"there is nothing at '{path.FullName}'; write it before the step ends") { Origin = path.FullName };
        var content = Directory.CreateDirectory(Path.Combine(folder, Content)).FullName;
        var folders = path is DirectoryInfo directory ? CopyBelow(directory, Directory.CreateDirectory(Path.Combine(content, path.Name)).FullName) : [];
        if (path is FileInfo file)
            file.CopyTo(Path.Combine(content, file.Name));
        File.WriteAllText(Path.Combine(folder, DescriptionFile), JsonSerializer.Serialize(new Description(path.Name, folders)));
    }

    private static List<string> CopyBelow(DirectoryInfo directory, string content)
    {
        string Relative(FileSystemInfo below) => Path.GetRelativePath(directory.FullName, below.FullName).Replace('\\', '/');
        var folders = directory.EnumerateDirectories("*", SearchOption.AllDirectories).Select(Relative).Order(StringComparer.Ordinal).ToList();
        folders.ForEach(below => Directory.CreateDirectory(Path.Combine(content, below)));
        foreach (var file in directory.EnumerateFiles("*", SearchOption.AllDirectories))
            file.CopyTo(Path.Combine(content, Relative(file)));
        return folders;
    }

    /// <exception cref="DataException">A file is missing or damaged.</exception>
    public static FileSystemInfo Load(string folder, bool isFolder)
    {
        var path = Path.Combine(folder, DescriptionFile);
        try
        {
            var description = JsonSerializer.Deserialize<Description>(File.ReadAllText(path)) ?? throw new JsonException("The file is empty.");
            var content = Path.Combine(Path.GetFullPath(folder), Content);
            if (!isFolder)
                return new FileInfo(Path.Combine(content, description.Name)) is { Exists: true } file ? file : throw new FileNotFoundException($"'{description.Name}' is missing.");
            var root = Directory.CreateDirectory(Path.Combine(content, description.Name));
            foreach (var below in description.Folders)
                root.CreateSubdirectory(below);
            return root;
        }
        catch (Exception failure) when (failure is IOException or JsonException)
        {
            throw new DataException($"Cannot read the files that a step handed on in '{path}': {failure.Message}", failure) { Origin = path };
        }
    }
}
