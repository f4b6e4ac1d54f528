namespace Workbench.Drift.Chunks;

/// <summary>One column over the chunks. All lists are in the order of the chunks.</summary>
public sealed record ColumnTimeline
{
    /// <summary>Name.</summary>
    public required string Column { get; init; }
    /// <summary>How it was compared.</summary>
    public required DriftColumnKind Kind { get; init; }
    /// <summary>The deciding tests; empty when none decides by a statistic.</summary>
    public required IReadOnlyList<DriftSeries> Tests { get; init; }
    /// <summary>Part of the chunk's rows that are NULL, with limits from the reference's chunks. An alert of it is no drift.</summary>
    public required DriftSeries NullShare { get; init; }
    /// <summary>Whether a deciding test alerts and, with <see cref="DriftThreshold.FromTest"/>, the confirming ones agree.</summary>
    public required IReadOnlyList<bool> IsDrift { get; init; }
    /// <summary>Index of the first chunk that drifted, or null.</summary>
    public int? FirstDrift { get; init; }
    /// <summary>Index of the chunk from which on every compared chunk drifted, up to the last; null when the last did not.</summary>
    public int? DriftsSince { get; init; }
    /// <summary>Start of chunk <see cref="FirstDrift"/>, UTC; null when it has none.</summary>
    public DateTimeOffset? FirstDriftTime { get; init; }
    /// <summary>For a reader, such as "price drifts since 2025-03-01 (psi 0.31 ≥ 0.2)"; null when no chunk drifted.</summary>
    public string? Sentence { get; init; }
    /// <summary>What is odd about the column, or null.</summary>
    public string? Note { get; init; }
}
