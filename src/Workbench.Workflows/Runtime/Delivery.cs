namespace Workbench.Workflows.Runtime;

/// <summary>Whom an event or a request reached.</summary>
public sealed record Delivery
{
    /// <summary>Ids of runs that waited for it and went on, one for each step.</summary>
    public required IReadOnlyList<string> ResumedRuns { get; init; }
    /// <summary>Ids of runs that it started.</summary>
    public required IReadOnlyList<string> StartedRuns { get; init; }
    /// <summary>Why runs that it should have started did not start.</summary>
    public required IReadOnlyList<string> Problems { get; init; }
}
