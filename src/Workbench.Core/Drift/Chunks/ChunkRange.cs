namespace Workbench.Drift.Chunks;

/// <summary>One chunk of one side, before anything is measured.</summary>
internal sealed record ChunkRange
{
    public required string Label { get; init; }
    public DateTimeOffset? Start { get; init; }
    public DateTimeOffset? End { get; init; }
    public required long Rows { get; init; }
    /// <summary>Rows that are compared: all but those of seasons that the reference lacks.</summary>
    public required long Compared { get; init; }
    /// <summary>Bit s is set when a compared row is of season s; 0 without seasons.</summary>
    public required uint Seasons { get; init; }
    /// <summary>Seasons of the rows that are not compared.</summary>
    public required uint Strange { get; init; }
}
