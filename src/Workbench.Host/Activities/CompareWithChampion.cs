using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Registry;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Activities;

/// <summary>The gate: a candidate passes only when it beats the champion beyond chance.</summary>
internal sealed class CompareWithChampion(ModelRegistry registry) : StepActivity<CompareWithChampionOptions>
{
    public const string Type = "Workbench.CompareWithChampion";

    protected override async Task<StepResult> RunAsync(CompareWithChampionOptions options, StepContext step, CancellationToken cancellationToken)
    {
        var gate = new GateOptions { MinimumRows = options.MinimumRows, MinimumImprovement = options.MinimumImprovement };
        var decision = await new ChampionGate(registry).DecideAsync(options.ModelName, options.Candidate, gate, cancellationToken);
        var outputs = new JsonObject { ["reason"] = decision.Reason.ToString(), ["decision"] = JsonSerializer.SerializeToNode(decision, JsonSerializerOptions.Web) };
        return new() { Outcome = decision.Passed ? "Passed" : "Refused", Outputs = outputs, Message = decision.Message };
    }
}
