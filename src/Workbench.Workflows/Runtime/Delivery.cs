namespace Workbench.Workflows.Runtime;

/// <summary>Whom an event or a request reached.</summary>
public sealed record Delivery
{
    /// <summary>Ids of runs that waited for it and went on, one for each step.</summary>
    public required IReadOnlyList<string> ResumedRuns { get; init; }
    /// <summary>Ids of runs that it started.</summary>
    public required IReadOnlyList<string> StartedRuns { get; init; }
    /// <summary>Whether it was kept from an endpoint because its sender is not known.</summary>
    public bool NeedsAuthentication { get; init; }
    /// <summary>Why runs that it should have started or resumed did not.</summary>
    public required IReadOnlyList<string> Problems { get; init; }
}
