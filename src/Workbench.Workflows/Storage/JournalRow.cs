namespace Workbench.Workflows.Storage;

/// <summary>A row of <c>workflow_journal</c>.</summary>
internal sealed record JournalRow
{
    public string InstanceId { get; init; } = "";
    public long Sequence { get; init; }
    public string? StepId { get; init; }
    public string? ActivityId { get; init; }
    public string? ActivityName { get; init; }
    public string? ActivityType { get; init; }
    public string EventName { get; init; } = "";
    public int? Attempt { get; init; }
    public string? Message { get; init; }
    public long At { get; init; }

    public JournalEntry ToEntry() => new(Sequence, StepId, ActivityId, ActivityName, ActivityType, EventName, Attempt, Message, Clock.ToTime(At));
}
