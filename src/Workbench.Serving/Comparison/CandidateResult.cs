using System.Text.Json.Serialization;
using Workbench.Evaluation;

namespace Workbench.Serving.Comparison;

/// <summary>One candidate of a comparison. Parameters, file and latency are those of the model of the first seed.</summary>
public sealed record CandidateResult
{
    /// <summary>Name of the candidate.</summary>
    public required string Name { get; init; }
    /// <summary>Number of trained weights.</summary>
    public required long Parameters { get; init; }
    /// <summary>Size of the exported ONNX file, preprocessing included.</summary>
    public required long OnnxBytes { get; init; }
    /// <summary>Mean over the seeds of the time of a training.</summary>
    public required TimeSpan TrainingTime { get; init; }
    /// <summary>Mean over the seeds of the processor time that the process took for a training.</summary>
    public required TimeSpan TrainingProcessorTime { get; init; }
    /// <summary>Mean of the metric over the seeds, with its interval over rows; null where the rows do not define it.</summary>
    public required MetricEstimate? Quality { get; init; }
    /// <summary>The metric of each seed, in order.</summary>
    public required IReadOnlyList<double?> SeedValues { get; init; }
    /// <summary>How long the exported file's answers took, an entry a batch size.</summary>
    public required IReadOnlyList<LatencyMeasurement> Latencies { get; init; }
    /// <summary>Cost of one training and of a million answers for one row each: processor time of a training, and a million times the median, at the price of a core-hour.</summary>
    public required double Cost { get; init; }
    /// <summary>How much better than the baseline on the same rows; null for the baseline itself, or where the rows do not define it.</summary>
    public PairedDifference? AgainstBaseline { get; init; }
    /// <summary>How much better than the best of all (negative when worse); null for the best itself.</summary>
    public PairedDifference? AgainstBest { get; init; }
    /// <summary>Why it may not win, or null.</summary>
    public string? Refusal { get; init; }

    /// <summary>What the model of each seed said of the rows held out.</summary>
    [JsonIgnore]
    public IReadOnlyList<Predictions> Predictions { get; init; } = [];

    /// <summary>The measurement of a batch size.</summary>
    /// <exception cref="ArgumentException">It was not measured; lists those that were.</exception>
    public LatencyMeasurement Latency(int batchSize) => Latencies.FirstOrDefault(one => one.BatchSize == batchSize)
        ?? throw new ArgumentException($"The latency of {Name} was not measured at batch {batchSize}. Measured: {string.Join(", ", Latencies.Select(one => one.BatchSize))}.", nameof(batchSize));
}
