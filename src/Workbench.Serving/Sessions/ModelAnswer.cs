using Workbench.Features;

namespace Workbench.Serving.Sessions;

/// <summary>What a model says of N rows; C classes.</summary>
public sealed record ModelAnswer
{
    /// <summary>What it was asked for.</summary>
    public required PredictionTask Task { get; init; }
    /// <summary>Binary: [N] probabilities of label 1. Multiclass: row-major [N × C] probabilities. Regression: [N] values.</summary>
    public required float[] Numbers { get; init; }
    /// <summary>[N] names of the most probable classes, 0 or 1 for a binary task; none for a regression.</summary>
    public required IReadOnlyList<string> Labels { get; init; }
}
