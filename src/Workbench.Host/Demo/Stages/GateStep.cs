using System.Text.Json.Nodes;
using Workbench.Host.Activities;

namespace Workbench.Host.Demo.Stages;

/// <summary>What the gate of a run said.</summary>
internal sealed record GateStep(string Outcome, string Reason, string Message)
{
    /// <exception cref="DemoFailure">The run has no gate, or did not get there; the message says where it ended.</exception>
    public static GateStep Of(JsonNode run)
    {
        var gate = run["steps"]!.AsArray().FirstOrDefault(step => (string?)step!["type"] == CompareWithChampion.Type && (string?)step["outcome"] is not null);
        if (gate is null)
            throw new DemoFailure($"run {run["id"]} ended {run["subStatus"]} before its gate: {run["error"] ?? "no error was recorded"}");
        return new((string)gate["outcome"]!, (string?)gate["outputs"]?["reason"] ?? "", (string?)gate["message"] ?? "");
    }
}
