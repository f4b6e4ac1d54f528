namespace Workbench.Drift.Chunks;

/// <summary>One value a chunk with its limits.</summary>
public sealed record DriftSeries
{
    /// <summary>Name of the test; or "null share" or "rows".</summary>
    public required string Test { get; init; }
    /// <summary>The values, in the order of the chunks; null where there is nothing to compare.</summary>
    public required IReadOnlyList<double?> Values { get; init; }
    /// <summary>A value below it is an alert; null for no limit.</summary>
    public double? Lower { get; init; }
    /// <summary>A value above it is an alert, or at it when <see cref="IsInclusive"/>; null for no limit.</summary>
    public double? Upper { get; init; }
    /// <summary>True when <see cref="Upper"/> is the test's own threshold, which a value reaches by being equal.</summary>
    public bool IsInclusive { get; init; }
    /// <summary>Alert, in the order of the chunks.</summary>
    public required IReadOnlyList<bool> Alerts { get; init; }
    /// <summary>How the limits were found, and what a reader must know about the values.</summary>
    public string? Note { get; init; }
    /// <summary>Whether the values are those of all rows.</summary>
    public DriftExactness Exactness { get; init; }
}
