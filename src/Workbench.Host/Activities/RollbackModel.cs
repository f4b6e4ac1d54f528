using System.Text.Json.Nodes;
using Workbench.Registry;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Activities;

/// <summary>Gives an alias back to the version that held it before; serving follows by itself.</summary>
internal sealed class RollbackModel(ModelRegistry registry) : StepActivity<RollbackModelOptions>
{
    public const string Type = "Workbench.RollbackModel";

    protected override async Task<StepResult> RunAsync(RollbackModelOptions options, StepContext step, CancellationToken cancellationToken)
    {
        var change = await registry.RollbackAsync(options.ModelName, options.Alias, $"pipeline {step.DefinitionId}", $"{options.Reason} (run {step.Key})",
            idempotencyKey: step.Key, fromVersion: options.FailedVersion, cancellationToken: cancellationToken);
        return new()
        {
            Outputs = new JsonObject { ["version"] = change.ToVersion },
            Message = $"{options.ModelName}: {options.Alias} is v{change.ToVersion} again, was v{change.FromVersion}.",
        };
    }
}
