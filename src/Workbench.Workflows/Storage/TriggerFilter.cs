namespace Workbench.Workflows.Storage;

/// <summary>Which triggers to list; what is null or empty does not restrict.</summary>
public sealed record TriggerFilter
{
    /// <summary>Triggers of this workflow.</summary>
    public string? DefinitionId { get; init; }
    /// <summary>Triggers of these types, such as <c>Elsa.Cron</c> or <c>drift</c>.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];
    /// <summary>Also those of workflows of which no version is published now.</summary>
    public bool IncludeInactive { get; init; }
}
