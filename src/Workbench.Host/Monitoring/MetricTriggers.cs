using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Host.Activities;
using Workbench.Host.Triggers;
using Workbench.Monitoring;
using Workbench.Registry;
using Workbench.Workflows.Runtime;
using Workbench.Workflows.Storage;

namespace Workbench.Host.Monitoring;

/// <summary>
/// Fires triggers of type metric: once when the champion's metric falls below the limit, and again only after it was above it or
/// another version is champion. Too few labels change nothing.
/// </summary>
internal sealed class MetricTriggers(Installation installation)
{
    private const string Below = "below";
    private const string Version = "version";

    /// <summary>Looks at all metric triggers at the business time <paramref name="now"/>.</summary>
    public async Task EvaluateAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var trigger in await installation.Workflows.ListTriggersAsync(new() { Types = [TriggerKinds.Metric] }, cancellationToken))
            if (TriggerKinds.Of(trigger) == TriggerKinds.Metric && !trigger.IsPaused)
                await EvaluateAsync(trigger, MetricOptions.Read(new(trigger.Config)), now, cancellationToken);
    }

    private async Task EvaluateAsync(WorkflowTrigger trigger, MetricOptions options, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await ChampionAsync(options.Model, cancellationToken) is not { } champion)
            return;
        var window = await PerformanceWindow.ByLabelArrivalAsync(installation.Folder, options.Model, champion.Version, now - options.Window, now, cancellationToken);
        if (window.Labelled < options.MinimumRows || PerformanceMetric.Compute(options.Metric, window.Counts) is not { } value)
            return;
        await installation.Engine.FireTriggerAsync(trigger.Id, (locked, _) => Decide(locked, options, champion.Version, value, window, now), cancellationToken);
    }

    private async Task<ModelVersion?> ChampionAsync(string model, CancellationToken cancellationToken) =>
        (await installation.Registry.ListModelsAsync(cancellationToken)).Any(one => one.Name == model)
            ? await installation.Registry.GetAliasAsync(model, ChampionGate.Champion, cancellationToken) : null;

    private static TriggerDecision Decide(WorkflowTrigger trigger, MetricOptions options, int version, double value, PerformanceWindow window, DateTimeOffset now)
    {
        var isBelow = value < options.Below;
        var wasBelow = (bool?)trigger.Seen?[Below] is true && (int?)trigger.Seen[Version] == version;
        if (isBelow == wasBelow)
            return TriggerDecision.Nothing;
        var reason = string.Create(CultureInfo.InvariantCulture, $"metric: {options.Metric} of {options.Model} version {version} is {value:0.####} on {window.Labelled} rows, below {options.Below:0.####}");
        return new()
        {
            Firings = !isBelow ? [] : [new(reason, "monitor")
            {
                At = now, Payload = new JsonObject
                {
                    ["model"] = options.Model, [Version] = version, ["metric"] = options.Metric, ["value"] = value, [Below] = options.Below,
                    ["rows"] = window.Labelled, ["from"] = window.From.UtcDateTime, ["to"] = window.To.UtcDateTime,
                },
            }],
            Seen = new() { [Below] = isBelow, [Version] = version },
        };
    }
}
