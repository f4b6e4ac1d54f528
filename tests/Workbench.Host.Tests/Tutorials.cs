namespace Workbench.Host.Tests;

/// <summary>The notebooks that a user reads and runs.</summary>
internal static class Tutorials
{
    public static string Folder { get; } = Path.Combine(Checkout.Root, "notebooks");

    /// <summary>File names in order.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.EnumerateFiles(Folder, "*.ipynb").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
}
