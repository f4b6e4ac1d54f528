using Workbench.Training;

namespace Workbench.TestRank.Scenarios;

/// <summary>What a training of <see cref="Trainings"/> shall be like.</summary>
internal sealed record TrainingCase
{
    public required string Name { get; init; }
    public string Network { get; init; } = "plain";
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Sgd;
    public OptimizerEngine Engine { get; init; } = OptimizerEngine.Auto;
    public double LearningRate { get; init; } = 0.05;
    public int Rows { get; init; } = 97;   // the last batch of 16 has one row
    public int Batch { get; init; } = 16;
    public long Steps { get; init; } = 40;
    public int Accumulation { get; init; } = 1;
    public double? ClipNorm { get; init; }
    public bool Shards { get; init; }
    public bool Overlaps { get; init; }
    public bool Compresses { get; init; }
    public long BucketBytes { get; init; } = 256;
    public int? Parts { get; init; }
    public string? Timeline { get; init; }
    public string? Excerpt { get; init; }
    public string? Checkpoints { get; init; }
}
