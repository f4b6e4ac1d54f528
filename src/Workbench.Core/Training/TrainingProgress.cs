namespace Workbench.Training;

/// <summary>Reported after each epoch.</summary>
public sealed record TrainingProgress
{
    /// <summary>The epoch that just ended.</summary>
    public required EpochResult Latest { get; init; }
    /// <summary>Most epochs there can be; early stopping may end before.</summary>
    public required int MaxEpochs { get; init; }
    /// <summary>Epoch with the lowest validation loss so far.</summary>
    public required int BestEpoch { get; init; }
}
