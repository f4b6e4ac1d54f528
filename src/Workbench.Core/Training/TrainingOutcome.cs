namespace Workbench.Training;

/// <summary>How a training ended. The module is in evaluation mode, and with a validation has its best weights.</summary>
public sealed record TrainingOutcome
{
    /// <summary>Optimizer steps done, those before a resumption included.</summary>
    public required long Steps { get; init; }
    /// <summary>The last epoch that was begun, from 1.</summary>
    public required int Epochs { get; init; }
    /// <summary>Mean training loss since the last validation, or over the last epoch.</summary>
    public required double TrainingLoss { get; init; }
    /// <summary>The best validation; null without one.</summary>
    public required ValidationResult? Best { get; init; }
    /// <summary>The step of the best validation; 0 without one.</summary>
    public required long BestStep { get; init; }
    /// <summary>Whether early stopping ended it, and not the number of steps or epochs.</summary>
    public required bool StoppedEarly { get; init; }
    /// <summary>The device it ran on, such as <c>cpu</c> or <c>cuda:0</c>.</summary>
    public required string Device { get; init; }
    /// <summary>The optimizer engine that was used.</summary>
    public required OptimizerEngine Engine { get; init; }
}
