using System.Text.Json.Nodes;

namespace Workbench.Host.Demo.Stages;

/// <summary>Fires the pipeline on the same data with another seed: the gate must see that nothing got better.</summary>
internal sealed class RefuseStage : IDemoStage
{
    public string Title => "Retrain on the same data";

    public async Task<StageResult> RunAsync(DemoWorld world, IProgress<StageProgress> progress, CancellationToken cancellationToken)
    {
        var inputs = new JsonObject { ["asOf"] = "2025-01-01", ["windowDays"] = 366, ["seed"] = 8 };
        var started = await world.PostAsync($"/api/workflows/{DemoWorld.Pipeline}/runs", new { inputs, reason = "by hand: the same data again" }, cancellationToken);
        var run = await world.RunEndedAsync((string)started["id"]!, progress, cancellationToken);
        var gate = GateStep.Of(run);
        if (gate.Outcome != "Refused")
            throw new DemoFailure($"the gate said '{gate.Outcome}' to a version trained on the same data: {gate.Message}");
        if (await world.ServedVersionAsync(cancellationToken) is not 1 and var served)
            throw new DemoFailure($"v{served} is served although the gate refused v2.");
        world.Story.Gates.Add((false, gate.Message));
        world.Story.Add(world.Clock.GetUtcNow(), $"pipeline {DemoWorld.Pipeline}", "v2 refused by the gate");
        int children = run["steps"]!.AsArray().Count(step => ((string)step!["type"]!).StartsWith("Workbench.", StringComparison.Ordinal));
        return new($"{children} steps as child processes; {gate.Message}",
            new Dictionary<string, object?> { ["run"] = (string?)run["id"], ["outcome"] = gate.Outcome, ["reason"] = gate.Reason, ["message"] = gate.Message });
    }
}
