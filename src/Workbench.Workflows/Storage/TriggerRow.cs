using Workbench.Workflows.Model;

namespace Workbench.Workflows.Storage;

/// <summary>A row of <c>workflow_triggers</c>.</summary>
internal sealed record TriggerRow
{
    public const string Columns = """
        id as Id, definition_id as DefinitionId, version as Version, name as Name, activity_id as ActivityId, type as Type, config as Config,
        is_active as IsActive, active_since as ActiveSince, is_paused as IsPaused, paused_by as PausedBy, paused_at as PausedAt,
        next_at as NextAt, seen as Seen, fired_at as FiredAt, fired_reason as FiredReason, fired_run_id as FiredRunId,
        skipped_count as SkippedCount, skipped_at as SkippedAt, skipped_reason as SkippedReason, failed_at as FailedAt, failure as Failure,
        created_at as CreatedAt
        """;

    public string Id { get; init; } = "";
    public string DefinitionId { get; init; } = "";
    public int Version { get; set; }
    public string Name { get; init; } = "";
    public string? ActivityId { get; init; }
    public string Type { get; set; } = "";
    public string Config { get; set; } = "{}";
    public int IsActive { get; set; }
    public long ActiveSince { get; set; }
    public int IsPaused { get; set; }
    public string? PausedBy { get; set; }
    public long? PausedAt { get; set; }
    public long? NextAt { get; set; }
    public string? Seen { get; set; }
    public long? FiredAt { get; set; }
    public string? FiredReason { get; set => field = StoredText.Clean(value); }
    public string? FiredRunId { get; set; }
    public long SkippedCount { get; set; }
    public long? SkippedAt { get; set; }
    public string? SkippedReason { get; set => field = StoredText.Clean(value); }
    public long? FailedAt { get; set; }
    public string? Failure { get; set => field = StoredText.Clean(value); }
    public long CreatedAt { get; init; }

    public WorkflowTrigger ToTrigger() => new()
    {
        Id = Id,
        DefinitionId = DefinitionId,
        Version = Version,
        Name = Name,
        ActivityId = ActivityId,
        Type = Type,
        Config = WorkflowJson.ReadObject(Config),
        IsActive = IsActive == 1,
        ActiveSince = Clock.ToTime(ActiveSince),
        IsPaused = IsPaused == 1,
        PausedBy = PausedBy,
        PausedAt = Clock.ToTime(PausedAt),
        NextAt = Clock.ToTime(NextAt),
        Seen = Seen is null ? null : WorkflowJson.ReadObject(Seen),
        LastFiredAt = Clock.ToTime(FiredAt),
        LastReason = FiredReason,
        LastRunId = FiredRunId,
        SkippedCount = SkippedCount,
        LastSkippedAt = Clock.ToTime(SkippedAt),
        LastSkipReason = SkippedReason,
        FailedAt = Clock.ToTime(FailedAt),
        Failure = Failure,
        CreatedAt = Clock.ToTime(CreatedAt),
    };
}
