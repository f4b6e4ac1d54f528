using Workbench.Training;

namespace Workbench.Serving.Comparison;

/// <summary>
/// A way to make a model, by name: an architecture with its settings. Whatever trains on a <see cref="ComparisonData"/>,
/// predicts rows and writes an ONNX file can be compared.
/// </summary>
/// <param name="Name">As it stands in tables; each once a comparison.</param>
/// <param name="Train">Trains one model with a seed on <see cref="ComparisonData.Fitting"/> and <see cref="ComparisonData.Validation"/>, and nothing else.</param>
public sealed record Candidate(string Name, Func<ComparisonData, long, CancellationToken, TrainedCandidate> Train)
{
    /// <summary>A tabular network with these options; the seed is set by the comparison.</summary>
    public static Candidate Of(string name, TabularTrainingOptions options) =>
        new(name, (data, seed, cancellationToken) =>
            TrainedCandidate.Of(TabularTrainer.Fit(data.Fitting, data.Validation, options with { Seed = seed }, cancellationToken: cancellationToken)));
}
