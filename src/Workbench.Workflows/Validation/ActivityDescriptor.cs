using System.Text.Json.Nodes;

namespace Workbench.Workflows.Validation;

/// <summary>What a definition may say about one type of activity, and how its steps are retried unless the activity says otherwise.</summary>
public sealed record ActivityDescriptor(string TypeName)
{
    /// <summary>Label for people, or null for the type's last part.</summary>
    public string? DisplayName { get; init; }
    /// <summary>Group in the designer's palette.</summary>
    public string Category { get; init; } = "Workbench";
    /// <summary>What the activity does.</summary>
    public string? Description { get; init; }
    /// <summary>Elsa's kind.</summary>
    public ActivityKind Kind { get; init; } = ActivityKind.Action;
    /// <summary>Inputs in the designer's order.</summary>
    public IReadOnlyList<InputDescriptor> Inputs { get; init; } = [];
    /// <summary>Outputs that every step of this type gives.</summary>
    public IReadOnlyList<OutputDescriptor> Outputs { get; init; } = [];
    /// <summary>Whether steps may give outputs beyond <see cref="Outputs"/>, as a promoted notebook step does.</summary>
    public bool HasOpenOutputs { get; init; }
    /// <summary>The outcomes, which are the ports of outgoing connections; case-sensitive.</summary>
    public IReadOnlyList<string> Outcomes { get; init; } = ["Done"];
    /// <summary>Whether the definition names further outcomes, as for a fork's branches.</summary>
    public bool HasOpenOutcomes { get; init; }
    /// <summary>Whether the run ends here.</summary>
    public bool IsTerminal { get; init; }
    /// <summary>Whether steps wait for a decision of people; see <see cref="ApprovalActivity"/>.</summary>
    public bool IsApproval { get; init; }
    /// <summary>Whether steps wait, without a thread, until the host's look says that what they wait for is there; see <see cref="PolledActivity"/>.</summary>
    public bool IsPolled { get; init; }
    /// <summary>The input, in camelCase, that says how many places of its node a step takes while it runs; null for one.</summary>
    public string? PlacesInput { get; init; }
    /// <summary>What forbids inputs that do not go together, as sentences; gets the values of those that are literals, by camelCase name, and the defaults of those not given. Null for nothing.</summary>
    public Func<JsonObject, IEnumerable<string>>? Check { get; init; }
    /// <summary>How often a failing step is tried, at least 1.</summary>
    public int MaxAttempts { get; init; } = 1;
    /// <summary>Pause before the second attempt; doubles from attempt to attempt.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(2);
    /// <summary>Longest time of one attempt, or null for the engine's default.</summary>
    public TimeSpan? Timeout { get; init; }
}
