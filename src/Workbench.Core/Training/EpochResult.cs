namespace Workbench.Training;

/// <summary>What one pass over the training rows achieved.</summary>
public sealed record EpochResult
{
    /// <summary>One-based.</summary>
    public required int Epoch { get; init; }
    /// <summary>Mean binary cross-entropy in nats over the training rows, measured while training (dropout on). Lower is better.</summary>
    public required double TrainingLoss { get; init; }
    /// <summary>Mean binary cross-entropy in nats over the validation rows. Lower is better.</summary>
    public required double ValidationLoss { get; init; }
    /// <summary>Share of validation rows that a threshold of 0.5 classifies rightly, 0 to 1.</summary>
    public required double ValidationAccuracy { get; init; }
}
