using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Workflows.Model;

namespace Workbench.Workflows.Runtime;

/// <summary>Where a run begins, or begins again, that waits until fewer runs of its workflow go on.</summary>
internal sealed record QueuedStart(string ActivityId, JsonObject? TriggerOutputs = null, QueuedRepair? Repair = null)
{
    public string Write() => JsonSerializer.Serialize(this, WorkflowJson.Compact);

    public static QueuedStart Read(string text) => JsonSerializer.Deserialize<QueuedStart>(text, WorkflowJson.Compact)
        ?? throw new WorkflowException($"The run's start '{text}' is null. Restore the database.");
}
