namespace Workbench.Registry;

/// <summary>Relative paths of stored files: forward slashes, never outside their folder.</summary>
internal static class ArtifactPaths
{
    /// <summary>All files below <paramref name="folder"/>: relative path to full path, in ordinal order of the relative path.</summary>
    public static SortedDictionary<string, string> FilesBelow(string folder)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            files.Add(Path.GetRelativePath(folder, file).Replace('\\', '/'), file);
        return files;
    }

    /// <summary>The path of <paramref name="relative"/> below <paramref name="folder"/>.</summary>
    /// <exception cref="RegistryException">The path leads out of the folder.</exception>
    public static string Inside(string folder, string relative)
    {
        Check(relative);
        return Path.Combine(folder, relative);
    }

    /// <exception cref="RegistryException">The path is absolute, empty, or has a part that is empty, <c>.</c> or <c>..</c>.</exception>
    public static void Check(string relative)
    {
        if (relative.Contains('\\') || Path.IsPathRooted(relative) || relative.Split('/').Any(part => part is "" or "." or ".."))
            throw new RegistryException($"'{relative}' is no path of a stored file: give a relative path with forward slashes, without '.' and '..'.");
    }
}
