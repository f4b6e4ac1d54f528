using Workbench.Drift.Streams;

namespace Workbench.Monitoring;

/// <summary>A prediction at whose label the detector spoke.</summary>
/// <param name="Index">The labelled prediction, counted from 0 over all readings.</param>
/// <param name="State">Drift, or the first warning since the last drift.</param>
/// <param name="PredictionId">The prediction.</param>
/// <param name="PredictedAt">When it was made.</param>
/// <param name="LabelledAt">When its label became known.</param>
public sealed record DriftStreamDetection(long Index, DriftState State, string PredictionId, DateTimeOffset PredictedAt, DateTimeOffset LabelledAt);
