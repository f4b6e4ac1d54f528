using System.Text.Json.Nodes;

namespace Workbench.Workflows.Runtime;

/// <summary>Something that happened for which a trigger starts a run: why, and on whose behalf.</summary>
public sealed record TriggerFiring(string Reason, string Actor)
{
    /// <summary>The trigger acts on the same key once, such as a message's id; null for what happens once anyway.</summary>
    public string? Key { get; init; }
    /// <summary>What it brings; kept with the run, and given to the input that the trigger's <c>payloadInput</c> names. Null for nothing.</summary>
    public JsonNode? Payload { get; init; }
    /// <summary>Values of the workflow's inputs, before those of the trigger's own <c>inputs</c>; null for none.</summary>
    public JsonObject? Inputs { get; init; }
    /// <summary>Outputs of the start activity by name; null for none.</summary>
    public JsonObject? Outputs { get; init; }
    /// <summary>The caller's id for what the run belongs to, or null.</summary>
    public string? CorrelationId { get; init; }
    /// <summary>Someone wants a run now: one starts even while the trigger is paused, whatever else runs or has just started.</summary>
    public bool IsByHand { get; init; }
    /// <summary>Whether it brings something of its own, so that unless the trigger says <c>"dedupe": "minute"</c> no other trigger's run stands for it.</summary>
    public bool BringsMessage { get; init; }
    /// <summary>When it happened, for the comparison with other triggers of the same minute; null for now by the database's clock.</summary>
    public DateTimeOffset? At { get; init; }
    /// <summary>Runs that began before this moment cannot stand for it, such as those that did not see the data yet; null for any.</summary>
    public DateTimeOffset? NotBefore { get; init; }
    /// <summary>Why it starts no run whatever the trigger's state; null for what may.</summary>
    internal string? Refusal { get; init; }
}
