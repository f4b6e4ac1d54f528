namespace Workbench.Host;

/// <summary>How this program starts itself again: as its own executable, or through dotnet when it was started so.</summary>
internal static class SelfCommand
{
    /// <summary>Program and first arguments; the verb follows.</summary>
    public static IReadOnlyList<string> Prefix { get; } = Find();

    /// <summary>The whole command line for <paramref name="arguments"/>.</summary>
    public static IReadOnlyList<string> With(params IEnumerable<string> arguments) => [.. Prefix, .. arguments];

    private static IReadOnlyList<string> Find()
    {
        // In a test the process is the test program; the executable lies beside it.
        var assembly = typeof(SelfCommand).Assembly.Location;
        var executable = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "workbench.exe" : "workbench");
        if (File.Exists(executable))
            return [executable];
        return assembly.Length > 0 ? ["dotnet", assembly] : [Environment.ProcessPath ?? throw new InvalidOperationException("This process has no path.")];
    }
}
