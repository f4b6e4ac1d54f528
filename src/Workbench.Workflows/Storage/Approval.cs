using System.Text.Json.Nodes;

namespace Workbench.Workflows.Storage;

/// <summary>A question that a run puts to people, and what they decided.</summary>
public sealed record Approval
{
    /// <summary>Id to decide by.</summary>
    public required string Id { get; init; }
    /// <summary>Id of the run.</summary>
    public required string RunId { get; init; }
    /// <summary>Id of the workflow.</summary>
    public required string DefinitionId { get; init; }
    /// <summary>Id of the step within the run.</summary>
    public required string StepId { get; init; }
    /// <summary>The question in one line.</summary>
    public required string Title { get; init; }
    /// <summary>The evaluated inputs of the activity, to show beside the question.</summary>
    public required JsonObject Details { get; init; }
    /// <summary>Names of people or roles that may decide now; empty for anyone.</summary>
    public required IReadOnlyList<string> Approvers { get; init; }
    /// <summary>Who may decide when the first deadline has passed; empty for nobody.</summary>
    public required IReadOnlyList<string> EscalateTo { get; init; }
    /// <summary>State.</summary>
    public required ApprovalStatus Status { get; init; }
    /// <summary>Until when to decide, or null for ever.</summary>
    public DateTimeOffset? Deadline { get; init; }
    /// <summary>When the first deadline passed and the question went to others, or null.</summary>
    public DateTimeOffset? EscalatedAt { get; init; }
    /// <summary>Who decided, or null.</summary>
    public string? DecidedBy { get; init; }
    /// <summary>Why, in the decider's words, or null.</summary>
    public string? Reason { get; init; }
    /// <summary>When it was decided, timed out or was cancelled, or null.</summary>
    public DateTimeOffset? DecidedAt { get; init; }
    /// <summary>When the step began to wait.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
