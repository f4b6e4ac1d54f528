using System.Text.Json.Nodes;

namespace Workbench.Workflows.Storage;

/// <summary>One execution of an activity within a run, over all its attempts.</summary>
public sealed record WorkflowStep
{
    /// <summary>Unique within the run: the activity's id, with <c>~2</c> and so on for later rounds of a loop or after a repair.</summary>
    public required string StepId { get; init; }
    /// <summary>Id of the activity.</summary>
    public required string ActivityId { get; init; }
    /// <summary>Elsa's node id of the activity.</summary>
    public required string NodeId { get; init; }
    /// <summary>Name of the activity for people.</summary>
    public required string ActivityName { get; init; }
    /// <summary>Type of the activity.</summary>
    public required string ActivityType { get; init; }
    /// <summary>State.</summary>
    public required StepStatus Status { get; init; }
    /// <summary>How often it was started; 0 before the first time.</summary>
    public required int Attempt { get; init; }
    /// <summary>Evaluated inputs.</summary>
    public required JsonObject Inputs { get; init; }
    /// <summary>Outputs of the completed step, or null.</summary>
    public JsonObject? Outputs { get; init; }
    /// <summary>Outcome of the completed step (several are joined by a comma), or null.</summary>
    public string? Outcome { get; init; }
    /// <summary>Last reported progress or result message, or null.</summary>
    public string? Message { get; init; }
    /// <summary>Error of the last failed attempt, or null.</summary>
    public string? Error { get; init; }
    /// <summary>Log file of the last attempt, or null.</summary>
    public string? LogFile { get; init; }
    /// <summary>When its turn came.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
    /// <summary>When the last attempt began, or null.</summary>
    public DateTimeOffset? StartedAt { get; init; }
    /// <summary>When it completed, faulted or was cancelled, or null.</summary>
    public DateTimeOffset? CompletedAt { get; init; }
    /// <summary>The generation of the run that it belongs to: 1, and more after repairs.</summary>
    public int Generation { get; init; } = 1;
    /// <summary>Whether a repair has put another step in its place; its results are history.</summary>
    public bool IsReplaced { get; init; }
    /// <summary>The step (<c>run/step</c>) whose result was taken because nothing had changed since, or null.</summary>
    public string? CachedFrom { get; init; }
    /// <summary>The node that ran, or runs, the last attempt; null before the first, and for what the engine does itself.</summary>
    public string? Node { get; init; }
}
