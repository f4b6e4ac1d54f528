using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Evaluation;
using Workbench.Registry;
using Workbench.Workflows;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Activities;

/// <summary>The gate: a candidate passes only when it beats the champion beyond chance.</summary>
internal sealed class CompareWithChampion(ModelRegistry registry) : StepActivity<CompareWithChampionOptions>
{
    public const string Type = "Workbench.CompareWithChampion";

    protected override async Task<StepResult> RunAsync(CompareWithChampionOptions options, StepContext step, CancellationToken cancellationToken)
    {
        var decision = await new ChampionGate(registry).DecideAsync(options.ModelName, options.Candidate, Rules(options), cancellationToken);
        var outputs = new JsonObject { ["reason"] = decision.Reason.ToString(), ["decision"] = JsonSerializer.SerializeToNode(decision, JsonSerializerOptions.Web) };
        return new() { Outcome = decision.Passed ? "Passed" : "Refused", Outputs = outputs, Message = decision.Message };
    }

    private static GateRules Rules(CompareWithChampionOptions options)
    {
        try
        {
            return new()
            {
                Metric = options.Metric, MinimumRows = options.MinimumRows, MinimumImprovement = options.MinimumImprovement, MinimumRelativeImprovement = options.MinimumRelativeImprovement,
                Thresholds = [.. options.Thresholds.Select(MetricThreshold.Parse)], Slices = options.Slices, MinimumSliceRows = options.MinimumSliceRows, SliceTolerance = options.SliceTolerance,
                LatencyLimit = options.LatencyLimitMs is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null,
                SizeLimitBytes = options.SizeLimitKb is { } kilobytes ? kilobytes * 1024L : null,
            };
        }
        catch (FormatException failure)
        {
            throw new WorkflowException($"The input 'thresholds' cannot be read. {failure.Message}");
        }
    }
}
