namespace Workbench.Workflows.Runtime;

/// <summary>
/// What became of one firing of a trigger. <see cref="RunId"/> is the run that was started, or the one that stands for it; else
/// null. <see cref="Message"/> says it in words.
/// </summary>
public sealed record TriggerOutcome(string TriggerId, TriggerResult Result, string? RunId, string Message)
{
    /// <summary>Whether a run was started.</summary>
    public bool IsStarted => Result == TriggerResult.Started;
}
