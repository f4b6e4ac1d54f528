using Workbench.Workflows.Model;

namespace Workbench.Workflows.Storage;

/// <summary>A row of <c>activity_executions</c>.</summary>
internal sealed record StepRow
{
    public const string Columns = """
        instance_id as InstanceId, step_id as StepId, activity_id as ActivityId, node_id as NodeId, activity_name as ActivityName,
        activity_type as ActivityType, ordinal as Ordinal, status as Status, attempt as Attempt, failures as Failures,
        lost_leases as LostLeases, max_attempts as MaxAttempts, retry_delay as RetryDelay, timeout as Timeout, owner as Owner,
        lease_until as LeaseUntil, not_before as NotBefore, inputs as Inputs, outputs as Outputs, outcome as Outcome,
        message as Message, error as Error, log_file as LogFile, created_at as CreatedAt, started_at as StartedAt,
        completed_at as CompletedAt, priority as Priority, run_created_at as RunCreatedAt, generation as Generation,
        is_replaced as IsReplaced, is_stopped as IsStopped, created_sequence as CreatedSequence, ended_sequence as EndedSequence,
        overwritten as Overwritten, overwritten_run as OverwrittenRun, cache_key as CacheKey, cached_from as CachedFrom, node as Node,
        places as Places
        """;

    public string InstanceId { get; init; } = "";
    public string StepId { get; init; } = "";
    public string ActivityId { get; init; } = "";
    public string NodeId { get; init; } = "";
    public string ActivityName { get; init; } = "";
    public string ActivityType { get; init; } = "";
    public long Ordinal { get; init; }
    public string Status { get; set; } = nameof(StepStatus.Pending);
    public int Attempt { get; set; }
    public int Failures { get; set; }
    public int LostLeases { get; set; }
    public int MaxAttempts { get; init; } = 1;
    public long RetryDelay { get; init; }
    public long Timeout { get; init; }
    public string? Owner { get; set; }
    public long LeaseUntil { get; set; }
    public long NotBefore { get; set; }
    public string Inputs { get; init; } = "{}";
    public string? Outputs { get; set; }
    public string? Outcome { get; set => field = StoredText.Clean(value); }
    public string? Message { get; set => field = StoredText.Clean(value); }
    public string? Error { get; set => field = StoredText.Clean(value); }
    public string? LogFile { get; set; }
    public long CreatedAt { get; init; }
    public long? StartedAt { get; set; }
    public long? CompletedAt { get; set; }
    public int Priority { get; init; }
    public long RunCreatedAt { get; init; }
    public int Generation { get; init; } = 1;
    public int IsReplaced { get; set; }
    public int IsStopped { get; set; }
    public long CreatedSequence { get; init; }
    public long? EndedSequence { get; set; }
    public string? Overwritten { get; set; }
    public string? OverwrittenRun { get; set; }
    public string? CacheKey { get; init; }
    public string? CachedFrom { get; init; }
    public string? Node { get; set; }
    public int Places { get; init; } = 1;

    public WorkflowStep ToStep() => new()
    {
        StepId = StepId,
        ActivityId = ActivityId,
        NodeId = NodeId,
        ActivityName = ActivityName,
        ActivityType = ActivityType,
        Status = Enum.Parse<StepStatus>(Status),
        Attempt = Attempt,
        Inputs = WorkflowJson.ReadObject(Inputs),
        Outputs = Outputs is null ? null : WorkflowJson.ReadObject(Outputs),
        Outcome = Outcome,
        Message = Message,
        Error = Error,
        LogFile = LogFile,
        CreatedAt = Clock.ToTime(CreatedAt),
        StartedAt = Clock.ToTime(StartedAt),
        CompletedAt = Clock.ToTime(CompletedAt),
        Generation = Generation,
        IsReplaced = IsReplaced == 1,
        CachedFrom = CachedFrom,
        Node = Node,
    };
}
