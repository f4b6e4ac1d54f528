using System.Text.Json.Nodes;

namespace Workbench.Workflows.Storage;

/// <summary>One run of a workflow, as it was when it was read.</summary>
public sealed record WorkflowRun
{
    /// <summary>Id of the run; runs of a later millisecond sort after earlier ones.</summary>
    public required string Id { get; init; }
    /// <summary>Id of the workflow.</summary>
    public required string DefinitionId { get; init; }
    /// <summary>Id of the version that the run is pinned to.</summary>
    public required string DefinitionVersionId { get; init; }
    /// <summary>One-based version that the run is pinned to.</summary>
    public required int Version { get; init; }
    /// <summary>Whether the run goes on.</summary>
    public required RunStatus Status { get; init; }
    /// <summary>What it does or how it ended.</summary>
    public required RunSubStatus SubStatus { get; init; }
    /// <summary>Why it was started.</summary>
    public required string Reason { get; init; }
    /// <summary>Who started it.</summary>
    public required string Actor { get; init; }
    /// <summary>The caller's key that makes starting repeatable, or null.</summary>
    public string? IdempotencyKey { get; init; }
    /// <summary>The caller's id for what the run belongs to, or null.</summary>
    public string? CorrelationId { get; init; }
    /// <summary>Values of all workflow inputs.</summary>
    public required JsonObject Inputs { get; init; }
    /// <summary>Values of the variables, by variable id.</summary>
    public required JsonObject Variables { get; init; }
    /// <summary>Outputs that the run has set so far, by name.</summary>
    public required JsonObject Outputs { get; init; }
    /// <summary>Name that the run has given itself, or null.</summary>
    public string? Name { get; init; }
    /// <summary>Id of the run whose step started this one, or null.</summary>
    public string? ParentRunId { get; init; }
    /// <summary>The trigger that started it, or null when it was started without one.</summary>
    public string? TriggerId { get; init; }
    /// <summary>What that trigger brought, or null.</summary>
    public JsonNode? TriggerPayload { get; init; }
    /// <summary>Runs of a higher priority get their steps done first. Default 0.</summary>
    public int Priority { get; init; }
    /// <summary>One-based; grows with every repair.</summary>
    public int Generation { get; init; } = 1;
    /// <summary>The first incident or why it was cancelled, or null.</summary>
    public string? Fault { get; init; }
    /// <summary>Steps that failed for good.</summary>
    public required int IncidentCount { get; init; }
    /// <summary>When it was started.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
    /// <summary>Grows with every change of the run or of its steps.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
    /// <summary>When it ended, or null.</summary>
    public DateTimeOffset? FinishedAt { get; init; }
    /// <summary>Its steps in the order in which their turn came.</summary>
    public IReadOnlyList<WorkflowStep> Steps { get; init; } = [];
}
