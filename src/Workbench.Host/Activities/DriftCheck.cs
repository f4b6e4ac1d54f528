using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Registry;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Activities;

/// <summary>Compares requests with training rows. What the host has not yet written to Parquet is not seen.</summary>
internal sealed class DriftCheck(ModelRegistry registry) : StepActivity<DriftCheckOptions>
{
    public const string Type = "Workbench.DriftCheck";

    protected override async Task<StepResult> RunAsync(DriftCheckOptions options, StepContext step, CancellationToken cancellationToken)
    {
        var version = await registry.GetAliasAsync(options.ModelName, options.Alias, cancellationToken)
            ?? throw new RegistryException($"No version of '{options.ModelName}' has the alias '{options.Alias}'. Promote one first.");
        var now = ReplayClock.FromEnvironment().GetUtcNow();
        var to = options.Until ?? now;
        var from = to - TimeSpan.FromDays(options.Days);
        var report = await new RequestDrift(registry).CompareAsync(version, from, to, cancellationToken);
        var file = RequestDrift.Save(report, registry.Folder, options.ModelName, from, to, now);
        var drifted = report.Drifted.Select(column => column.Column).ToList();
        return new()
        {
            // Without a drifted column there is no drift, however small the share that was asked for.
            Outcome = drifted.Count > 0 && report.DriftedShare >= options.Share ? "Drifted" : "Stable",
            Outputs = new JsonObject
            {
                ["share"] = report.DriftedShare, ["columns"] = new JsonArray([.. drifted.Select(column => (JsonNode)column)]), ["report"] = Path.GetFileName(file),
            },
            Message = string.Create(CultureInfo.InvariantCulture,
                $"{drifted.Count} of {report.Columns.Count} columns drifted{(drifted.Count > 0 ? $": {string.Join(", ", drifted)}" : "")}; Drifted from {options.Share:P0} on."),
        };
    }
}
