namespace Workbench.Workflows.Storage;

/// <summary>Which runs to find; what is empty or null asks for any.</summary>
public sealed record RunSearch
{
    /// <summary>Only these runs.</summary>
    public IReadOnlyList<string> Ids { get; init; } = [];
    /// <summary>Only runs of these workflows.</summary>
    public IReadOnlyList<string> DefinitionIds { get; init; } = [];
    /// <summary>Only runs that are pinned to this version.</summary>
    public string? DefinitionVersionId { get; init; }
    /// <summary>Only runs with this correlation id.</summary>
    public string? CorrelationId { get; init; }
    /// <summary>Only runs of this version.</summary>
    public int? Version { get; init; }
    /// <summary>Only runs with, or without, incidents.</summary>
    public bool? HasIncidents { get; init; }
    /// <summary>Only runs in one of these states.</summary>
    public IReadOnlyList<RunStatus> Statuses { get; init; } = [];
    /// <summary>Only runs in one of these sub-states.</summary>
    public IReadOnlyList<RunSubStatus> SubStatuses { get; init; } = [];
    /// <summary>Text that id, workflow, correlation id or reason holds, whatever the case.</summary>
    public string? SearchTerm { get; init; }
    /// <summary>Only runs whose times compare so.</summary>
    public IReadOnlyList<RunTimeCondition> Times { get; init; } = [];
    /// <summary>How they are sorted.</summary>
    public RunTime OrderBy { get; init; } = RunTime.Created;
    /// <summary>Whether the newest come first, as they do by default.</summary>
    public bool Descending { get; init; } = true;
    /// <summary>How many to leave out.</summary>
    public int Skip { get; init; }
    /// <summary>How many at most.</summary>
    public int Take { get; init; } = 100;
}
