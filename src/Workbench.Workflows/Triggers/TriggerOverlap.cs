namespace Workbench.Workflows.Triggers;

/// <summary>What a trigger does while a run of its workflow goes on.</summary>
public enum TriggerOverlap
{
    /// <summary>Starts a run, which waits its turn when the workflow's <c>maxConcurrentRuns</c> says so.</summary>
    Queue,
    /// <summary>Starts none.</summary>
    Skip,
    /// <summary>Cancels the runs that go on and starts one.</summary>
    Replace,
}
