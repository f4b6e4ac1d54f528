namespace Workbench.Workflows.Runtime;

/// <summary>How an engine leases, retries and waits. All engines on one database should agree.</summary>
public sealed class WorkflowEngineOptions
{
    /// <summary>
    /// How long a step belongs to a worker that is no longer heard of. Default 15 s. A worker that cannot reach the database for
    /// four fifths of it stops the step.
    /// </summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(15);
    /// <summary>How often a worker extends its lease, reports progress and hears of a cancellation. Default 1 s; at most a third of the lease.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(1);
    /// <summary>How often an idle worker looks for steps that others made ready. Default 250 ms.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(250);
    /// <summary>Longest time of one attempt when neither activity nor type says. Default 1 h.</summary>
    public TimeSpan DefaultTimeout { get; set; } = TimeSpan.FromHours(1);
    /// <summary>Longest pause between attempts. Default 5 min.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMinutes(5);
    /// <summary>How often a step starts again after its worker died; then it is faulted. Default 3.</summary>
    public int MaxLostLeases { get; set; } = 3;
    /// <summary>How long a worker waits for a step that was told to stop. Default 30 s.</summary>
    public TimeSpan CancelGrace { get; set; } = TimeSpan.FromSeconds(30);
    /// <summary>How many characters of an attempt's output are kept, the first and the last half of them. Default 1,000,000.</summary>
    public int MaxLogLength { get; set; } = 1_000_000;
    /// <summary>Whether a fault cancels the run's other running steps instead of letting them finish. Default false.</summary>
    public bool CancelRunningOnFault { get; set; }

    /// <exception cref="ArgumentException">Names every setting that is out of range.</exception>
    internal void Validate()
    {
        List<string> problems = [];
        if (Lease <= TimeSpan.Zero)
            problems.Add($"Lease is {Lease}; it must be above zero.");
        if (HeartbeatInterval <= TimeSpan.Zero || HeartbeatInterval > Lease / 3)
            problems.Add($"HeartbeatInterval is {HeartbeatInterval}; it must be above zero and at most a third of the lease ({Lease / 3}).");
        if (PollInterval <= TimeSpan.Zero)
            problems.Add($"PollInterval is {PollInterval}; it must be above zero.");
        if (DefaultTimeout <= TimeSpan.Zero)
            problems.Add($"DefaultTimeout is {DefaultTimeout}; it must be above zero.");
        if (MaxLostLeases < 0)
            problems.Add($"MaxLostLeases is {MaxLostLeases}; it must be 0 or more.");
        if (MaxLogLength < 2)
            problems.Add($"MaxLogLength is {MaxLogLength}; it must be 2 or more.");
        if (problems.Count > 0)
            throw new ArgumentException("Workflow engine options: " + string.Join(' ', problems));
    }
}
