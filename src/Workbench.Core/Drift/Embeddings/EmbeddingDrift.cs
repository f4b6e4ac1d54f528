using Workbench.Charts;

namespace Workbench.Drift.Embeddings;

/// <summary>What changed in an embedding. The verdict is in the column's tests.</summary>
public sealed record EmbeddingDrift
{
    /// <summary>Components of each vector.</summary>
    public required int Dimensions { get; init; }
    /// <summary>Components that moved farthest, at most 20.</summary>
    public required IReadOnlyList<ComponentChange> Components { get; init; }
    /// <summary>What changed, in a sentence.</summary>
    public required string Sentence { get; init; }

    /// <summary>The components that moved farthest.</summary>
    /// <param name="column">Name of the column, for the title.</param>
    public PlotlyFigure ToFigure(string column) => Chart.HorizontalBar(
        $"{column}: components that moved farthest", "Wasserstein distance (reference deviations)",
        [.. Components.Select(one => one.Component)], [.. Components.Select(one => one.Distance)]);
}
