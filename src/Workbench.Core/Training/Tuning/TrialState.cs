namespace Workbench.Training.Tuning;

/// <summary>Where a trial stands.</summary>
public enum TrialState
{
    /// <summary>A worker is at it, or died or stopped and another will take it.</summary>
    Running,
    /// <summary>It has a value.</summary>
    Completed,
    /// <summary>It was stopped because others were better; its intermediate values are kept.</summary>
    Pruned,
    /// <summary>It ended with an error, with NaN or infinity, or its workers died too often.</summary>
    Failed,
}
