using System.Text.Json.Nodes;
using Workbench.Workflows.Model;
using Workbench.Workflows.Storage;
using Workbench.Workflows.Triggers;

namespace Workbench.Workflows.Runtime;

/// <summary>
/// Starts runs for triggers. Decision, run and the trigger's state are one transaction that holds the workflow's triggers, so that
/// any number of hosts may see the same thing happen and one run comes of it.
/// </summary>
internal sealed class TriggerFirer(WorkflowEngine engine)
{
    /// <summary>Lets the trigger act on what <paramref name="decide"/> makes of its state and the moment; it may be asked again.</summary>
    /// <exception cref="WorkflowException">Unknown trigger.</exception>
    public async Task<IReadOnlyList<TriggerOutcome>> FireAsync(
        string triggerId, Func<WorkflowTrigger, DateTimeOffset, TriggerDecision> decide, CancellationToken cancellationToken)
    {
        var trigger = await engine.Store.GetTriggerAsync(triggerId, cancellationToken) ?? throw Unknown(triggerId);
        if (!trigger.IsActive)
            return [new(triggerId, TriggerResult.Paused, null, $"No version of '{trigger.DefinitionId}' is published, so its trigger '{trigger.Name}' starts nothing. Publish it.")];
        for (var attempt = 1; ; attempt++)
            try
            {
                return await FireAsync(trigger, decide, cancellationToken);
            }
            catch (DefinitionChangedException changed)
            {
                if (attempt == WorkflowEngine.StartAttempts)
                    throw new WorkflowException(changed.Message, changed);
            }
    }

    private async Task<IReadOnlyList<TriggerOutcome>> FireAsync(
        WorkflowTrigger trigger, Func<WorkflowTrigger, DateTimeOffset, TriggerDecision> decide, CancellationToken cancellationToken)
    {
        var published = await engine.LoadPublishedAsync(trigger.DefinitionId, cancellationToken);
        var outcomes = await engine.Store.Database.WriteAsync(async (connection, transaction) =>
        {
            var database = engine.Store.Database;
            var shot = new Shot(engine, new(connection, transaction, database), new(connection, transaction, database), published);
            return await shot.FireAsync(trigger.Id, decide);
        }, cancellationToken);
        if (outcomes.Any(outcome => outcome.IsStarted))
            engine.Signal.Set();
        return outcomes;
    }

    private static WorkflowException Unknown(string triggerId) =>
        new($"There is no trigger '{triggerId}'. List the triggers to see their ids, such as churn-retrain:nightly.");

    /// <summary>One trigger's turn within its transaction.</summary>
    private sealed class Shot(WorkflowEngine engine, TriggerTransaction triggers, RunTransaction runs, PublishedDefinition published)
    {
        public async Task<IReadOnlyList<TriggerOutcome>> FireAsync(string triggerId, Func<WorkflowTrigger, DateTimeOffset, TriggerDecision> decide)
        {
            // Before the triggers, in the order in which publishing takes them.
            if (!await runs.LockPublishedAsync(published.VersionId, published.Revision))
                throw new DefinitionChangedException(published.Pinned.Definition.DefinitionId);
            var row = await triggers.LockAsync(triggerId) ?? throw Unknown(triggerId);
            var trigger = row.ToTrigger();
            var decision = decide(trigger, Clock.ToTime(triggers.Now));
            if (!decision.HasMoved && decision.Firings.Count == 0 && decision.Seen is null)
                return [];
            if (trigger.IsPaused && decision.Firings.All(firing => !firing.IsByHand))
                return [.. decision.Firings.Select(_ => new TriggerOutcome(triggerId, TriggerResult.Paused, null, $"The trigger '{triggerId}' is paused by {trigger.PausedBy}. Resume it first."))];
            if (decision.Missed > 0)
                Skip(row, decision.Missed, decision.MissedReason ?? "missed");
            List<TriggerOutcome> outcomes = [];
            foreach (var firing in decision.Firings)
                outcomes.Add(await FireAsync(row, trigger, firing));
            if (decision.HasMoved)
                row.NextAt = decision.NextAt?.ToUnixTimeMilliseconds();
            if (decision.Seen is { } seen && outcomes.All(outcome => outcome.Result != TriggerResult.Failed))
                row.Seen = WorkflowJson.Write(seen);
            await triggers.SaveAsync(row);
            return outcomes;
        }

        private async Task<TriggerOutcome> FireAsync(TriggerRow row, WorkflowTrigger trigger, TriggerFiring firing)
        {
            if (firing.Key is { } key && await triggers.FindKeyAsync(row.Id, key) is { IsKnown: true } known)
                return new(row.Id, TriggerResult.Repeated, known.RunId, $"The trigger '{row.Id}' has acted on '{key}' already.");
            var at = firing.At?.ToUnixTimeMilliseconds() ?? triggers.Now;
            var dedupes = Dedupes(trigger, firing);
            var outcome = await FindObstacleAsync(row, trigger, firing, dedupes ? at : null) ?? await StartAsync(row, trigger, firing, dedupes ? at : null);
            if (firing.Key is { } used && outcome.Result is TriggerResult.Started or TriggerResult.Skipped)
                await triggers.InsertKeyAsync(row.Id, used, outcome.RunId);
            return outcome;
        }

        private static bool Dedupes(WorkflowTrigger trigger, TriggerFiring firing) => !firing.IsByHand
            && (trigger.Settings.Dedupes ?? (trigger.Settings.PayloadInput is null && !firing.BringsMessage && !TriggerTypes.BringsMessage(trigger.Type)));

        private async Task<TriggerOutcome?> FindObstacleAsync(TriggerRow row, WorkflowTrigger trigger, TriggerFiring firing, long? dedupeAt)
        {
            if (firing.Refusal is { } refusal)
                return Skipped(row, firing, null, refusal);
            if (dedupeAt is { } at && await triggers.FindTwinAsync(row, at, firing.NotBefore?.ToUnixTimeMilliseconds() ?? 0) is { } twin)
                return Skipped(row, firing, twin, $"run {twin} of the same minute stands for it");
            if (trigger.Settings.Overlap == TriggerOverlap.Skip && !firing.IsByHand
                && await triggers.RunningRunsAsync(row.DefinitionId) is { Count: > 0 } going)
                return Skipped(row, firing, going[0], $"run {going[0]} goes on");
            return null;
        }

        private async Task<TriggerOutcome> StartAsync(TriggerRow row, WorkflowTrigger trigger, TriggerFiring firing, long? dedupeAt)
        {
            NewRun run;
            try
            {
                run = engine.Prepare(published, InputsOf(trigger, firing), RequestOf(trigger, firing, dedupeAt));
            }
            catch (WorkflowException failure) // The trigger's own fault: inputs that do not fit, or a start that is not there.
            {
                if (!firing.IsByHand) // Who asks hears it at once.
                    (row.FailedAt, row.Failure) = (triggers.Now, $"{firing.Reason}: {failure.Message}");
                return new(row.Id, TriggerResult.Failed, null, failure.Message);
            }
            if (trigger.Settings.Overlap == TriggerOverlap.Replace)
                await CancelOthersAsync(row, firing);
            var runId = await engine.InsertAsync(runs, run);
            if (runId != run.Row.Id)
                return new(row.Id, TriggerResult.Repeated, runId, $"The trigger '{row.Id}' has started run {runId} for it already.");
            (row.FiredAt, row.FiredReason, row.FiredRunId, row.FailedAt, row.Failure) = (triggers.Now, firing.Reason, runId, null, null);
            return new(row.Id, TriggerResult.Started, runId, $"Started run {runId}.");
        }

        private async Task CancelOthersAsync(TriggerRow row, TriggerFiring firing)
        {
            foreach (var runId in await triggers.RunningRunsAsync(row.DefinitionId))
                if (await runs.LockAsync(runId) is { Status: nameof(RunStatus.Running) } going)
                    await (await engine.LoadAsync(runs, going)).CancelRunAsync($"Replaced by a run of the trigger '{row.Name}': {firing.Reason}");
        }

        private static JsonObject InputsOf(WorkflowTrigger trigger, TriggerFiring firing)
        {
            var inputs = (JsonObject)trigger.Settings.Inputs.DeepClone();
            foreach (var (name, value) in firing.Inputs ?? [])
                inputs[name] = value?.DeepClone();
            if (trigger.Settings.PayloadInput is { } input && firing.Payload is { } payload && firing.Inputs?.ContainsKey(input) is not true)
                inputs[input] = payload.DeepClone();
            return inputs;
        }

        private static StartRequest RequestOf(WorkflowTrigger trigger, TriggerFiring firing, long? dedupeAt) => new(firing.Reason, firing.Actor)
        {
            IdempotencyKey = firing.Key is { } key ? $"trigger/{trigger.Id}/{key}" : null,
            CorrelationId = firing.CorrelationId, TriggerActivityId = trigger.ActivityId, TriggerOutputs = firing.Outputs,
            TriggerId = trigger.Id, TriggerPayload = firing.Payload, DedupeAt = dedupeAt,
        };

        private TriggerOutcome Skipped(TriggerRow row, TriggerFiring firing, string? runId, string why)
        {
            Skip(row, 1, $"{firing.Reason}: {why}");
            return new(row.Id, TriggerResult.Skipped, runId, $"No run was started: {why}.");
        }

        private void Skip(TriggerRow row, long count, string reason) =>
            (row.SkippedCount, row.SkippedAt, row.SkippedReason) = (row.SkippedCount + count, triggers.Now, reason);
    }
}
