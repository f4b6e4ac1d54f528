using System.Text.Json;
using Workbench.Workflows.Model;

namespace Workbench.Workflows.Storage;

/// <summary>A row of <c>workflow_approvals</c>, with the workflow of its run.</summary>
internal sealed record ApprovalRow
{
    public const string Query = """
        select a.id as Id, a.instance_id as InstanceId, a.step_id as StepId, a.title as Title, a.details as Details,
               a.approvers as Approvers, a.escalate_to as EscalateTo, a.status as Status, a.deadline as Deadline,
               a.escalated_at as EscalatedAt, a.decided_by as DecidedBy, a.reason as Reason, a.decided_at as DecidedAt,
               a.created_at as CreatedAt, i.definition_id as DefinitionId
        from workflow_approvals a
        join workflow_instances i on i.id = a.instance_id
        """;

    public string Id { get; init; } = "";
    public string InstanceId { get; init; } = "";
    public string StepId { get; init; } = "";
    public string Title { get; init => field = StoredText.Clean(value)!; } = "";
    public string Details { get; init; } = "{}";
    public string Approvers { get; set; } = "[]";
    public string EscalateTo { get; init; } = "[]";
    public string Status { get; set; } = nameof(ApprovalStatus.Waiting);
    public long? Deadline { get; set; }
    public long? EscalatedAt { get; set; }
    public string? DecidedBy { get; set => field = StoredText.Clean(value); }
    public string? Reason { get; set => field = StoredText.Clean(value); }
    public long? DecidedAt { get; set; }
    public long CreatedAt { get; init; }
    public string DefinitionId { get; init; } = "";

    public Approval ToApproval() => new()
    {
        Id = Id,
        RunId = InstanceId,
        DefinitionId = DefinitionId,
        StepId = StepId,
        Title = Title,
        Details = WorkflowJson.ReadObject(Details),
        Approvers = ReadList(Approvers),
        EscalateTo = ReadList(EscalateTo),
        Status = Enum.Parse<ApprovalStatus>(Status),
        Deadline = Clock.ToTime(Deadline),
        EscalatedAt = Clock.ToTime(EscalatedAt),
        DecidedBy = DecidedBy,
        Reason = Reason,
        DecidedAt = Clock.ToTime(DecidedAt),
        CreatedAt = Clock.ToTime(CreatedAt),
    };

    private static IReadOnlyList<string> ReadList(string json) => JsonSerializer.Deserialize<List<string>>(json) ?? [];
}
