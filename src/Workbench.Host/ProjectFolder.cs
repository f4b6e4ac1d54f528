namespace Workbench.Host;

/// <summary>Where relative paths of definitions start, such as notebooks/02-train.ipynb. Steps inherit it from the host.</summary>
internal static class ProjectFolder
{
    public const string EnvironmentVariable = "WORKBENCH_PROJECT";

    /// <summary>The folder that the environment names, else the current directory.</summary>
    public static string Current => Path.GetFullPath(Environment.GetEnvironmentVariable(EnvironmentVariable) is { Length: > 0 } path ? path : ".");
}
