namespace Workbench.Workflows.Storage;

/// <summary>A row of <c>workflow_definitions</c>.</summary>
internal sealed record DefinitionRow
{
    public string Id { get; init; } = "";
    public string DefinitionId { get; init; } = "";
    public int Version { get; init; }
    public string Name { get; init; } = "";
    public int IsLatest { get; init; }
    public int IsPublished { get; init; }
    public long CreatedAt { get; init; }
    public string Content { get; init; } = "";
    public long Revision { get; init; }
}
