using System.Text.Json.Nodes;

namespace Workbench.Workflows.Runtime;

/// <summary>Why and by whom a run is started.</summary>
public sealed record StartRequest(string Reason, string Actor)
{
    /// <summary>Starting again with the same key returns the same run of that workflow; null starts a new one each time.</summary>
    public string? IdempotencyKey { get; init; }
    /// <summary>The caller's id for what the run belongs to, or null.</summary>
    public string? CorrelationId { get; init; }
    /// <summary>Runs of a higher priority get their steps done first; null for the workflow's own, which is 0 unless it says.</summary>
    public int? Priority { get; init; }
    /// <summary>The trigger activity that fired, or null to start as by hand.</summary>
    public string? TriggerActivityId { get; init; }
    /// <summary>Outputs of that trigger by name, for example an event's <c>result</c>; those that are not given are null.</summary>
    public JsonObject? TriggerOutputs { get; init; }
    /// <summary>The trigger that starts it, and what it brings.</summary>
    internal string? TriggerId { get; init; }
    internal JsonNode? TriggerPayload { get; init; }
    /// <summary>When it happened, for a run that stands for other triggers of the same minute too.</summary>
    internal long? DedupeAt { get; init; }
    /// <summary>The run whose step starts this one.</summary>
    internal string? ParentRunId { get; init; }
    /// <summary>What that step waits by, when it waits for the end.</summary>
    internal string? ParentBookmarkId { get; init; }
}
