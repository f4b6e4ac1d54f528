using Workbench.Distributed.Launch;

namespace Workbench.Notebooks.Jobs;

/// <summary>What is known of a rank in the attempt that runs.</summary>
/// <param name="State">In a word.</param>
/// <param name="Heard">When it last told of a step, a state or its figures.</param>
internal sealed record RankRow(string State, DateTimeOffset Heard)
{
    /// <summary>Its process and machine.</summary>
    public string Process { get; init; } = "";

    /// <summary>The last step; null before the first.</summary>
    public long? Step { get; init; }

    /// <summary>What it reported last.</summary>
    public RankMetrics? Metrics { get; init; }
}
