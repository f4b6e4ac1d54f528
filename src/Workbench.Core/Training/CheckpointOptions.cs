namespace Workbench.Training;

/// <summary>Where and how often a training keeps its whole state, so that it can go on after a crash as if there had been none.</summary>
public sealed record CheckpointOptions
{
    /// <summary>Folder of this training's checkpoints, one folder each; made when missing.</summary>
    public required string Folder { get; init; }
    /// <summary>Optimizer steps from one to the next, at least 1; null (the default) is the end of each epoch.</summary>
    public long? EverySteps { get; init; }
    /// <summary>Newest checkpoints that are kept besides the best, at least 1. Default 3.</summary>
    public int KeepLast { get; init; } = 3;
    /// <summary>Whether a training begins from the newest whole checkpoint in the folder, if there is one. Default true.</summary>
    public bool Resume { get; init; } = true;
}
