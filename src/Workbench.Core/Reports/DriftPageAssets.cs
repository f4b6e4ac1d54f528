namespace Workbench.Reports;

/// <summary>The fixed script and styles of a drift page.</summary>
internal static class DriftPageAssets
{
    public static string Script { get; } = Read("drift.js");
    public static string Style { get; } = Read("drift.css");
    /// <summary>Dark colours for readers who asked their system for them; only where all of a page follows them.</summary>
    public static string DarkStyle { get; } = Read("drift.dark.css");

    private static string Read(string name)
    {
        using var stream = typeof(DriftPageAssets).Assembly.GetManifestResourceStream($"Workbench.Reports.{name}")
            ?? throw new InvalidOperationException($"The build left out Reports/{name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
