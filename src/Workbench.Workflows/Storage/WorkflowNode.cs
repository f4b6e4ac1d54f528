namespace Workbench.Workflows.Storage;

/// <summary>A host that works on the database, as it was last heard of.</summary>
public sealed record WorkflowNode
{
    /// <summary>Its name, which no other living node has.</summary>
    public required string Name { get; init; }
    /// <summary>Unique to the process.</summary>
    public required string Instance { get; init; }
    /// <summary>Where it listens, such as <c>http://10.0.0.1:8080</c>.</summary>
    public required string Address { get; init; }
    /// <summary>The machine it runs on.</summary>
    public required string Machine { get; init; }
    /// <summary>Its process on that machine.</summary>
    public required long ProcessId { get; init; }
    /// <summary>Places for steps: how many it runs at a time, of which one of several processes counts as many.</summary>
    public required int Parallelism { get; init; }
    /// <summary>When it started, by the database's clock.</summary>
    public DateTimeOffset StartedAt { get; init; }
    /// <summary>When it was heard of last, by the database's clock.</summary>
    public DateTimeOffset SeenAt { get; init; }
    /// <summary>Whether it was heard of within <see cref="WorkflowStore.NodeLifetime"/>.</summary>
    public bool IsAlive { get; init; }
    /// <summary>Places that are taken by the steps it runs now.</summary>
    public int RunningSteps { get; init; }
    /// <summary>What it does for all nodes, such as <c>monitoring</c>.</summary>
    public IReadOnlyList<string> Duties { get; init; } = [];
}
