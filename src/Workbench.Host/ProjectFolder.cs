namespace Workbench.Host;

/// <summary>Where relative paths of definitions start, such as notebooks/02-train.ipynb. Steps inherit it from the host.</summary>
internal static class ProjectFolder
{
    public const string EnvironmentVariable = "WORKBENCH_PROJECT";

    /// <summary>The folder that the environment names, else the current directory.</summary>
    public static string Current => Path.GetFullPath(Environment.GetEnvironmentVariable(EnvironmentVariable) is { Length: > 0 } path ? path : ".");

    /// <summary>A path of the command line as definitions name it: from the project's folder, or whole when it lies outside.</summary>
    public static string Relative(string path)
    {
        var relative = Path.GetRelativePath(Current, Path.GetFullPath(path));
        return relative.StartsWith("..", StringComparison.Ordinal) ? Path.GetFullPath(path) : relative;
    }
}
