using System.Text.Json.Nodes;
using Workbench.Registry;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Activities;

/// <summary>Lets an alias point to a version; serving follows by itself.</summary>
internal sealed class PromoteModel(ModelRegistry registry) : StepActivity<PromoteModelOptions>
{
    public const string Type = "Workbench.PromoteModel";

    protected override async Task<StepResult> RunAsync(PromoteModelOptions options, StepContext step, CancellationToken cancellationToken)
    {
        var (model, alias) = (options.ModelName, options.Alias);
        var previous = await registry.GetAliasAsync(model, alias, cancellationToken);
        await registry.SetAliasAsync(model, alias, options.Candidate, $"pipeline {step.DefinitionId}", $"{options.Reason} (run {step.Key})",
            idempotencyKey: step.Key, cancellationToken: cancellationToken);
        return new()
        {
            Outputs = new JsonObject { ["previous"] = previous?.Version },
            Message = $"{model}: {alias} is v{options.Candidate}, was {(previous is null ? "none" : $"v{previous.Version}")}.",
        };
    }
}
