using System.Text.Json.Nodes;

namespace Workbench.Workflows.Runtime;

/// <summary>What a source makes of a trigger's state while nobody else can change it.</summary>
public sealed record TriggerDecision
{
    /// <summary>Nothing happens and nothing changes.</summary>
    public static TriggerDecision Nothing { get; } = new();

    /// <summary>What to start runs for.</summary>
    public IReadOnlyList<TriggerFiring> Firings { get; init; } = [];
    /// <summary>What the source remembers from now on; null leaves what it does. Not kept when a run could not start.</summary>
    public JsonObject? Seen { get; init; }
    /// <summary>Moments that start no run, and why.</summary>
    internal long Missed { get; init; }
    internal string? MissedReason { get; init; }
    /// <summary>Whether the schedule moves on, to <see cref="NextAt"/>.</summary>
    internal bool HasMoved { get; init; }
    internal DateTimeOffset? NextAt { get; init; }
}
