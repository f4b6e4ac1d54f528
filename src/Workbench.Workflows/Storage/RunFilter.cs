namespace Workbench.Workflows.Storage;

/// <summary>Which runs to list; null asks for any.</summary>
public sealed record RunFilter
{
    /// <summary>Only runs of this workflow.</summary>
    public string? DefinitionId { get; init; }
    /// <summary>Only runs in this state.</summary>
    public RunStatus? Status { get; init; }
    /// <summary>Only runs with this correlation id.</summary>
    public string? CorrelationId { get; init; }
    /// <summary>How many of the newest to leave out.</summary>
    public int Skip { get; init; }
    /// <summary>How many at most.</summary>
    public int Take { get; init; } = 100;
}
