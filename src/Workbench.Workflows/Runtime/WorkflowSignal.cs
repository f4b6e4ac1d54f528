namespace Workbench.Workflows.Runtime;

/// <summary>Wakes idle workers of this process when a step may have become ready. Thread-safe.</summary>
internal sealed class WorkflowSignal
{
    private TaskCompletionSource _next = Create();
    private long _count;

    /// <summary>Completes at the next <see cref="Set"/> or <see cref="Wake"/>; take it before looking for work, so that no signal is lost.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>How often this process has itself done something that runs may be waiting for.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>This process did something: steps may be ready, bookmarks due, runs at their end.</summary>
    public void Set()
    {
        Interlocked.Increment(ref _count);
        Wake();
    }

    /// <summary>Another process may have made steps ready.</summary>
    public void Wake() => Interlocked.Exchange(ref _next, Create()).SetResult();

    private static TaskCompletionSource Create() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
