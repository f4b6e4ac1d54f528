using Workbench.Workflows.Model;

namespace Workbench.Workflows.Storage;

/// <summary>A row of <c>workflow_bookmarks</c>; the last properties come from its run and step.</summary>
internal sealed record BookmarkRow
{
    public const string Columns = """
        b.id as Id, b.instance_id as InstanceId, b.step_id as StepId, b.kind as Kind, b.name as Name, b.due_at as DueAt,
        b.payload as Payload, b.created_at as CreatedAt
        """;

    public string Id { get; init; } = "";
    public string InstanceId { get; init; } = "";
    public string StepId { get; init; } = "";
    public string Kind { get; init; } = "";
    public string Name { get; set => field = StoredText.Clean(value)!; } = "";
    public long? DueAt { get; set; }
    public string Payload { get; set; } = "{}";
    public long CreatedAt { get; init; }
    public string DefinitionId { get; init; } = "";
    public string? CorrelationId { get; init; }
    public string ActivityId { get; init; } = "";
    public string ActivityName { get; init; } = "";
    public string ActivityType { get; init; } = "";

    public Bookmark ToBookmark() => new()
    {
        Id = Id,
        RunId = InstanceId,
        DefinitionId = DefinitionId,
        CorrelationId = CorrelationId,
        StepId = StepId,
        ActivityId = ActivityId,
        ActivityName = ActivityName,
        ActivityType = ActivityType,
        Kind = Enum.Parse<BookmarkKind>(Kind),
        Name = Name,
        DueAt = Clock.ToTime(DueAt),
        Payload = WorkflowJson.ReadObject(Payload),
        CreatedAt = Clock.ToTime(CreatedAt),
    };
}
