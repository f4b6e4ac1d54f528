namespace Workbench.Evaluation.Estimation;

/// <summary>A metric on one chunk.</summary>
public sealed record ChunkEstimate
{
    /// <summary>The chunk's name.</summary>
    public required string Chunk { get; init; }
    /// <summary>Its first row, from 0.</summary>
    public required int First { get; init; }
    /// <summary>Its rows.</summary>
    public required int Rows { get; init; }
    /// <summary>The estimate, which used no label; null where the rows do not define the metric.</summary>
    public required double? Value { get; init; }
    /// <summary>Standard error that comes from the chunk's size alone; null where the reference says nothing of it.</summary>
    public required double? SamplingError { get; init; }
    /// <summary>Three standard errors below the estimate, within what the metric can be; the realised value lies in the band of Lower to Upper unless the estimate is wrong.</summary>
    public required double? Lower { get; init; }
    /// <summary>Three standard errors above.</summary>
    public required double? Upper { get; init; }
    /// <summary>The metric on the rows whose label has arrived; null when none has, or they do not define it.</summary>
    public required double? Realised { get; init; }
    /// <summary>Those rows.</summary>
    public required int Labelled { get; init; }
    /// <summary>Whether the estimate lies outside of the thresholds.</summary>
    public required bool IsAlert { get; init; }
}
