namespace Workbench.Workflows.Storage;

/// <summary>State of a question to people.</summary>
public enum ApprovalStatus
{
    /// <summary>Nobody has decided yet.</summary>
    Waiting,
    /// <summary>Someone agreed.</summary>
    Approved,
    /// <summary>Someone refused.</summary>
    Rejected,
    /// <summary>The last deadline passed without a decision.</summary>
    TimedOut,
    /// <summary>The step no longer waits: the run was cancelled, failed or went another way.</summary>
    Canceled,
}
