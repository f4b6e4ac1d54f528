using Workbench.Charts;

namespace Workbench.Evaluation.Estimation;

/// <summary>One metric over the chunks.</summary>
public sealed record MetricEstimates
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }
    /// <summary>Below it is an alert; null for no such threshold.</summary>
    public required double? LowerThreshold { get; init; }
    /// <summary>Above it is an alert; null for no such threshold.</summary>
    public required double? UpperThreshold { get; init; }
    /// <summary>The reference's chunks, for comparison.</summary>
    public required IReadOnlyList<ChunkEstimate> Reference { get; init; }
    /// <summary>The chunks that were asked for.</summary>
    public required IReadOnlyList<ChunkEstimate> Chunks { get; init; }

    /// <summary>The estimate with its band over the chunks, the realised metric where labels are there, and the thresholds.</summary>
    public PlotlyFigure ToFigure() => EstimationFigures.Of(this);
}
