using System.Text.Json.Nodes;

namespace Workbench.Workflows.Storage;

/// <summary>What one suspended step waits for, as it was when it was read.</summary>
public sealed record Bookmark
{
    /// <summary>Id to resume by; not to be guessed.</summary>
    public required string Id { get; init; }
    /// <summary>Id of the run.</summary>
    public required string RunId { get; init; }
    /// <summary>Id of the workflow.</summary>
    public required string DefinitionId { get; init; }
    /// <summary>The run's correlation id, or null.</summary>
    public string? CorrelationId { get; init; }
    /// <summary>Id of the step within the run.</summary>
    public required string StepId { get; init; }
    /// <summary>Id of the activity.</summary>
    public required string ActivityId { get; init; }
    /// <summary>Name of the activity for people.</summary>
    public required string ActivityName { get; init; }
    /// <summary>Type of the activity.</summary>
    public required string ActivityType { get; init; }
    /// <summary>What it waits for.</summary>
    public required BookmarkKind Kind { get; init; }
    /// <summary>The event's name, the endpoint's path or the run's id; empty for the other kinds.</summary>
    public required string Name { get; init; }
    /// <summary>When a worker looks after it, or null while only someone outside can let the step go on.</summary>
    public DateTimeOffset? DueAt { get; init; }
    /// <summary>More about the wait, by kind.</summary>
    public required JsonObject Payload { get; init; }
    /// <summary>When the step began to wait.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
