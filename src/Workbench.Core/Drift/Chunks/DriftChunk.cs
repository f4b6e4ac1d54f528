namespace Workbench.Drift.Chunks;

/// <summary>One chunk of the current rows.</summary>
public sealed record DriftChunk
{
    /// <summary>The period, such as 2025-03-01, 2025-W09 or 2025Q1; or the rows, such as [0:999].</summary>
    public required string Label { get; init; }
    /// <summary>Start of the period, or time of the first row; UTC; null without a time column.</summary>
    public DateTimeOffset? Start { get; init; }
    /// <summary>End of the period (not in it), or time of the last row; UTC; null without a time column.</summary>
    public DateTimeOffset? End { get; init; }
    /// <summary>Rows.</summary>
    public required long Rows { get; init; }
    /// <summary>Cells that are NULL, over all compared columns.</summary>
    public long Nulls { get; init; }
    /// <summary>Why it, or part of it, was not compared; null when all of it was.</summary>
    public string? Note { get; init; }
}
