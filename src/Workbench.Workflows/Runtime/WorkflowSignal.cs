namespace Workbench.Workflows.Runtime;

/// <summary>Wakes idle workers of this process when a step may have become ready. Thread-safe.</summary>
internal sealed class WorkflowSignal
{
    private TaskCompletionSource _next = Create();

    /// <summary>Completes at the next <see cref="Set"/>; take it before looking for work, so that no signal is lost.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Set() => Interlocked.Exchange(ref _next, Create()).SetResult();

    private static TaskCompletionSource Create() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
