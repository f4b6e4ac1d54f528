using System.Text.Json.Nodes;
using Workbench.Host.Activities;
using Workbench.Host.Triggers;
using Workbench.Monitoring;
using Workbench.Registry;
using Workbench.Workflows;
using Workbench.Workflows.Runtime;
using Workbench.Workflows.Storage;

namespace Workbench.Host.Monitoring;

/// <summary>
/// What the host does about a firing alert: a champion on probation is rolled back when the rule says so, otherwise every published
/// workflow with a trigger for the alert is started. The event's id makes each happen once, however often it is delivered.
/// </summary>
internal sealed class ReactionChannel(Installation installation, MonitoringConfig config) : INotificationChannel
{
    private const string Rollback = "rollback";

    public string Name => "reaction";

    public async Task SendAsync(AlertEvent alert, CancellationToken cancellationToken = default)
    {
        if (alert.State != AlertState.Firing)
            return;
        var last = (await installation.Registry.HistoryAsync(alert.Model, cancellationToken)).LastOrDefault(change => change.Alias == ChampionGate.Champion);
        // Another version is champion by now, perhaps because an earlier delivery of this event rolled back.
        if (last is null || last.ToVersion != alert.Version)
            return;
        if (alert.Actions.Contains(Rollback) && IsOnProbation(last, alert))
            await installation.Registry.RollbackAsync(alert.Model, ChampionGate.Champion, "monitor", $"alert {alert.Rule}: {alert.Metric} {alert.Value:F4} on {alert.Rows} rows",
                idempotencyKey: $"alert/{alert.Id}", fromVersion: alert.Version, cancellationToken: cancellationToken);
        else
            await StartAsync(alert, cancellationToken);
    }

    /// <summary>What was, or will be, done about an event, in words.</summary>
    public async Task<string> DescribeAsync(AlertEvent alert, CancellationToken cancellationToken)
    {
        var key = $"alert/{alert.Id}";
        var rolledBack = (await installation.Registry.HistoryAsync(alert.Model, cancellationToken)).FirstOrDefault(change => change.IdempotencyKey == key);
        if (rolledBack is not null)
            return $"rolled back to v{rolledBack.ToVersion}";
        var runs = (await installation.Workflows.ListRunsAsync(new RunFilter { CorrelationId = key }, cancellationToken)).Select(run => $"started {run.DefinitionId} ({run.Id})").ToList();
        return runs.Count > 0 ? string.Join(", ", runs) : "notified";
    }

    // A champion that took the place of another less than the probation ago; one that was brought back is no newcomer.
    private bool IsOnProbation(AliasChange last, AlertEvent alert) =>
        last is { FromVersion: not null, IsRollback: false } && alert.At - last.At < config.Probation;

    private async Task StartAsync(AlertEvent alert, CancellationToken cancellationToken)
    {
        var key = $"alert/{alert.Id}";
        foreach (var trigger in await installation.Workflows.ListTriggersAsync(new() { Types = [TriggerKinds.Alert, TriggerKinds.Metric] }, cancellationToken))
            if ((string?)trigger.Config["rule"] == alert.Rule)
                await StartAsync(trigger.Id, new TriggerFiring(alert.Summary, "monitor") { Key = key, CorrelationId = key, At = alert.At, Payload = Payload(alert) }, cancellationToken);
    }

    private async Task StartAsync(string triggerId, TriggerFiring firing, CancellationToken cancellationToken)
    {
        var outcome = await installation.Engine.FireTriggerAsync(triggerId, firing, cancellationToken);
        if (outcome.Result == TriggerResult.Failed)
            throw new WorkflowException($"The trigger '{triggerId}' could not start a run: {outcome.Message}"); // Undelivered: it is tried again.
    }

    private static JsonObject Payload(AlertEvent alert) => new()
    {
        ["alert"] = alert.Id, ["rule"] = alert.Rule, ["model"] = alert.Model, ["version"] = alert.Version, ["metric"] = alert.Metric, ["value"] = alert.Value,
        ["threshold"] = alert.Threshold, ["rows"] = alert.Rows, ["at"] = alert.At.UtcDateTime,
    };
}
