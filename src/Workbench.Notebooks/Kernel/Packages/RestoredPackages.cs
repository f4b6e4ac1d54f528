using System.Text.Json;

namespace Workbench.Notebooks.Kernel.Packages;

/// <summary>A package that a restore chose, and its files for this machine as full paths.</summary>
internal sealed record RestoredPackage(string Id, string Version, IReadOnlyList<string> Compile, IReadOnlyList<string> Runtime, IReadOnlyList<string> Native, bool HasExtension);

/// <summary>What a restore chose, from project.assets.json.</summary>
internal sealed record RestoredPackages(IReadOnlyList<RestoredPackage> Packages)
{
    /// <summary>Whether the files are still where the restore put them.</summary>
    public bool AreThere => Packages.SelectMany(package => package.Compile.Concat(package.Runtime).Concat(package.Native)).All(File.Exists);

    public static RestoredPackages Parse(string assets)
    {
        using var document = JsonDocument.Parse(assets);
        var root = document.RootElement;
        var folders = root.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name).ToList();
        var target = root.GetProperty("targets").EnumerateObject().First(target => target.Name.Contains('/', StringComparison.Ordinal)).Value;
        var packages = new List<RestoredPackage>();
        foreach (var library in target.EnumerateObject())
        {
            if (!root.GetProperty("libraries").TryGetProperty(library.Name, out var description) || !description.TryGetProperty("path", out var path) || library.Name.Split('/') is not [var id, var version])
                continue;
            var folder = folders.Select(candidate => Path.Combine(candidate, path.GetString() ?? "")).FirstOrDefault(Directory.Exists) ?? Path.Combine(folders[0], path.GetString() ?? "");
            packages.Add(new(id, version, Files(library.Value, "compile", folder), Files(library.Value, "runtime", folder), Files(library.Value, "native", folder), IsExtension(description)));
        }
        return new(packages);
    }

    // NuGet writes a file named _._ where a package brings nothing on purpose.
    private static List<string> Files(JsonElement library, string kind, string folder) => library.TryGetProperty(kind, out var files)
        ? files.EnumerateObject().Select(file => file.Name).Where(name => !name.EndsWith("/_._", StringComparison.Ordinal)).Select(name => Path.Combine(folder, name)).ToList()
        : [];

    private static bool IsExtension(JsonElement description) => description.TryGetProperty("files", out var files) && files.EnumerateArray().Select(file => file.GetString() ?? "")
        .Any(name => name.StartsWith("interactive-extensions/dotnet/", StringComparison.OrdinalIgnoreCase) || name.EndsWith("extension.dib", StringComparison.OrdinalIgnoreCase));
}
