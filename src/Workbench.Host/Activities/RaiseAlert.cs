using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Monitoring;
using Workbench.Registry;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Activities;

/// <summary>Writes an alert that the host then delivers.</summary>
internal sealed class RaiseAlert(ModelRegistry registry) : StepActivity<RaiseAlertOptions>
{
    public const string Type = "Workbench.Alert";

    protected override async Task<StepResult> RunAsync(RaiseAlertOptions options, StepContext step, CancellationToken cancellationToken)
    {
        int? version = options.Version ?? (await registry.GetAliasAsync(options.ModelName, ChampionGate.Champion, cancellationToken))?.Version;
        var now = ReplayClock.FromEnvironment().GetUtcNow();
        var alert = new AlertEvent
        {
            Id = Id(step), Rule = options.Name, Model = options.ModelName, Version = version,
            State = options.Signal == AlertSignal.Firing ? AlertState.Firing : AlertState.Resolved,
            Metric = "pipeline", Value = null, Threshold = 0, FiresBelow = false, Rows = 0, At = now, StartsAt = now, Actions = [],
            Note = $"{options.Message} (pipeline {step.DefinitionId}, run {step.RunId})",
        };
        bool isNew = await AlertEngine.Open(registry, ChampionGate.Champion).RaiseAsync(alert, cancellationToken);
        return new() { Outputs = new JsonObject { ["alert"] = alert.Id }, Message = isNew ? alert.Summary : "Raised by an earlier attempt." };
    }

    // The same in every attempt, so that a step raises one alert.
    private static string Id(StepContext step) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(step.Key)))[..32];
}
