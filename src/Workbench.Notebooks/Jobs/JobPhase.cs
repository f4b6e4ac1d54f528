namespace Workbench.Notebooks.Jobs;

/// <summary>What a job as a whole is at.</summary>
internal enum JobPhase
{
    /// <summary>Ranks are starting or at work.</summary>
    Running,
    /// <summary>An attempt has failed, and the next has not begun.</summary>
    Waiting,
    /// <summary>Every rank is done.</summary>
    Done,
    /// <summary>It failed for good.</summary>
    Failed,
    /// <summary>It was stopped.</summary>
    Stopped,
}
