namespace Workbench.Drift.Chunks;

/// <summary>What was measured of one column in each chunk, before anything is decided. NaN where there was nothing to compare.</summary>
internal sealed record ChunkStatistics
{
    /// <summary>Deciding tests by a statistic.</summary>
    public required IReadOnlyList<ChunkValues> Deciding { get; init; }
    /// <summary>p-values of the confirming tests; empty unless the tests' own thresholds judge.</summary>
    public required IReadOnlyList<ChunkValues> Confirming { get; init; }
    /// <summary>NULLs of each chunk of the reference and of the current rows.</summary>
    public required (long[] Reference, long[] Current) Nulls { get; init; }
    /// <summary>What judges this column: the plan's threshold, or the tests' own.</summary>
    public required DriftThreshold Threshold { get; init; }
    public string? Note { get; init; }
}

/// <param name="Test">The test.</param>
/// <param name="Reference">Statistics of the reference's chunks; empty when they are not needed.</param>
/// <param name="Current">Statistics, or p-values of a confirming test, of the current chunks.</param>
/// <param name="Exactness">Whether they are those of all rows.</param>
internal sealed record ChunkValues(DriftTest Test, double[] Reference, double[] Current, DriftExactness Exactness = DriftExactness.Exact);
