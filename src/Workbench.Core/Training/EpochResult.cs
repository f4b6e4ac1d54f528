namespace Workbench.Training;

/// <summary>What one pass over the training rows, or one round of boosting, achieved.</summary>
public sealed record EpochResult
{
    /// <summary>One-based.</summary>
    public required int Epoch { get; init; }
    /// <summary>Mean loss over the training rows, for networks measured while training (dropout on): cross-entropy in nats, or for a regression the squared error in units of the training labels' variance. Lower is better.</summary>
    public required double TrainingLoss { get; init; }
    /// <summary>The same over the validation rows.</summary>
    public required double ValidationLoss { get; init; }
    /// <summary>Share of validation rows whose most probable class is theirs, 0 to 1; null for a regression.</summary>
    public required double? ValidationAccuracy { get; init; }
}
