using System.Text.Json.Nodes;
using Workbench.Workflows.Model;

namespace Workbench.Workflows.Storage;

/// <summary>A row of <c>workflow_instances</c>.</summary>
internal sealed record RunRow
{
    public const string Columns = """
        id as Id, definition_id as DefinitionId, definition_version_id as DefinitionVersionId, version as Version,
        status as Status, sub_status as SubStatus, stopping as Stopping, reason as Reason, actor as Actor,
        idempotency_key as IdempotencyKey, correlation_id as CorrelationId, inputs as Inputs, variables as Variables,
        tokens as Tokens, fault as Fault, incident_count as IncidentCount, journal_sequence as JournalSequence,
        created_at as CreatedAt, updated_at as UpdatedAt, finished_at as FinishedAt,
        name as Name, outputs as Outputs, parent_id as ParentId, parent_bookmark_id as ParentBookmarkId,
        priority as Priority, queued_start as QueuedStart, generation as Generation,
        trigger_id as TriggerId, trigger_payload as TriggerPayload, dedupe_at as DedupeAt
        """;

    public string Id { get; init; } = "";
    public string DefinitionId { get; init; } = "";
    public string DefinitionVersionId { get; set; } = "";
    public int Version { get; set; }
    public string Status { get; set; } = nameof(RunStatus.Running);
    public string SubStatus { get; set; } = nameof(RunSubStatus.Executing);
    public string? Stopping { get; set; }
    public string Reason { get; init; } = "";
    public string Actor { get; init; } = "";
    public string? IdempotencyKey { get; init; }
    public string? CorrelationId { get; set => field = StoredText.Clean(value); }
    public string Inputs { get; set; } = "{}";
    public string Variables { get; set; } = "{}";
    public string Tokens { get; set; } = "{}";
    public string? Fault { get; set => field = StoredText.Clean(value); }
    public int IncidentCount { get; set; }
    public long JournalSequence { get; set; }
    public long CreatedAt { get; set; }
    public long UpdatedAt { get; set; }
    public long? FinishedAt { get; set; }
    public string? Name { get; set => field = StoredText.Clean(value); }
    public string? Outputs { get; set; }
    public string? ParentId { get; init; }
    public string? ParentBookmarkId { get; init; }
    public int Priority { get; init; }
    public string? QueuedStart { get; set; }
    public int Generation { get; set; } = 1;
    public string? TriggerId { get; init; }
    public string? TriggerPayload { get; init; }
    public long? DedupeAt { get; init; }
    /// <summary>The moment of the transaction that read the row, by the database's clock.</summary>
    public long Now { get; init; }

    public WorkflowRun ToRun(IEnumerable<StepRow> steps) => new()
    {
        Id = Id,
        DefinitionId = DefinitionId,
        DefinitionVersionId = DefinitionVersionId,
        Version = Version,
        Status = Enum.Parse<RunStatus>(Status),
        SubStatus = Enum.Parse<RunSubStatus>(SubStatus),
        Reason = Reason,
        Actor = Actor,
        IdempotencyKey = IdempotencyKey,
        CorrelationId = CorrelationId,
        Inputs = WorkflowJson.ReadObject(Inputs),
        Variables = WorkflowJson.ReadObject(Variables),
        Outputs = WorkflowJson.ReadObject(Outputs),
        Name = Name,
        ParentRunId = ParentId,
        Priority = Priority,
        Generation = Generation,
        TriggerId = TriggerId,
        TriggerPayload = TriggerPayload is null ? null : JsonNode.Parse(TriggerPayload),
        Fault = Fault,
        IncidentCount = IncidentCount,
        CreatedAt = Clock.ToTime(CreatedAt),
        UpdatedAt = Clock.ToTime(UpdatedAt),
        FinishedAt = Clock.ToTime(FinishedAt),
        Steps = [.. steps.Select(step => step.ToStep())],
    };
}
