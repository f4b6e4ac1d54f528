namespace Workbench.Workflows.Storage;

/// <summary>
/// One event of a run. <see cref="EventName"/> is Started, Completed, Faulted, Canceled, Suspended, or ours: Retrying, Interrupted, Skipped, Escalated, Cached, Repaired.
/// Step and activity are null for the run itself; <see cref="Attempt"/> is null where no attempt was made.
/// </summary>
public sealed record JournalEntry(
    long Sequence, string? StepId, string? ActivityId, string? ActivityName, string? ActivityType,
    string EventName, int? Attempt, string? Message, DateTimeOffset Timestamp);
