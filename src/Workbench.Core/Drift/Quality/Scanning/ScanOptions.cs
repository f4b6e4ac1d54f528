namespace Workbench.Drift.Quality.Scanning;

/// <summary>What a scan counts beyond the usual.</summary>
internal sealed record ScanOptions
{
    /// <summary>Which columns.</summary>
    public Func<string, bool> Chooses { get; init; } = _ => true;
    /// <summary>Whose ranges the values are held against.</summary>
    public TableProfile? Reference { get; init; }
    /// <summary>Whether the shape of texts is looked for.</summary>
    public bool FindsShapes { get; init; }
    public int Workers { get; init; } = Environment.ProcessorCount;
}
