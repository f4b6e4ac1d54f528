using System.Globalization;
using System.Text.Json.Nodes;
using Dapper;
using Workbench.Workflows.Model;
using Workbench.Workflows.Storage;
using Workbench.Workflows.Triggers;

namespace Workbench.Workflows.Runtime;

/// <summary>Fires triggers that wait for the end of another workflow's runs. A run that is repaired ends again.</summary>
internal sealed class EndedRuns(WorkflowEngine engine)
{
    private const int Batch = 100;
    private const int DeepestChain = 20;
    private const string Until = "until";
    // A run's end is visible only when its transaction commits, which may be later than others that ended after it.
    private const long LateMilliseconds = 600_000;

    /// <summary>Looks once; what ended since the last look starts a run each.</summary>
    public async Task<IReadOnlyList<TriggerOutcome>> FireAsync(CancellationToken cancellationToken)
    {
        List<TriggerOutcome> outcomes = [];
        foreach (var trigger in await engine.Store.ListTriggersAsync(new() { Types = [TriggerTypes.WorkflowEnd] }, cancellationToken))
            try
            {
                if (!trigger.IsPaused)
                    foreach (var ended in await FindAsync(trigger, cancellationToken))
                        outcomes.AddRange(await engine.Firer.FireAsync(trigger.Id, (locked, _) => Decide(locked, ended), cancellationToken));
            }
            catch (WorkflowException failure) // Retracted or deleted in the meantime.
            {
                outcomes.Add(new(trigger.Id, TriggerResult.Failed, null, failure.Message));
            }
        return outcomes;
    }

    private static TriggerDecision Decide(WorkflowTrigger trigger, EndedRun ended)
    {
        var depth = Depth(ended) + 1;
        return new()
        {
            Firings =
            [
                new($"run {ended.Id} of '{ended.DefinitionId}' ended {ended.SubStatus}", $"workflow {ended.DefinitionId}")
                {
                    Key = ended.Key, CorrelationId = ended.CorrelationId,
                    Refusal = depth <= DeepestChain ? null : $"it was started by the end of a run that was started by the end of a run, {depth} deep; at most {DeepestChain} are allowed. Do workflows start each other in a circle?",
                    Payload = new JsonObject
                    {
                        ["workflow"] = ended.DefinitionId, ["runId"] = ended.Id, ["status"] = ended.SubStatus.ToLowerInvariant(),
                        ["finishedAt"] = Clock.ToTime(ended.FinishedAt).UtcDateTime, ["outputs"] = WorkflowJson.ReadObject(ended.Outputs), ["depth"] = depth,
                    },
                },
            ],
            Seen = new() { [Until] = Math.Max(ended.FinishedAt, Cursor(trigger)) },
        };
    }

    private Task<IReadOnlyList<EndedRun>> FindAsync(WorkflowTrigger trigger, CancellationToken cancellationToken) =>
        engine.Store.Database.ReadAsync<IReadOnlyList<EndedRun>>(async connection => [.. await connection.QueryAsync<EndedRun>(
            $"""
            select i.id as Id, i.definition_id as DefinitionId, i.sub_status as SubStatus, i.finished_at as FinishedAt, i.generation as Generation,
                   i.correlation_id as CorrelationId, i.outputs as Outputs, i.trigger_payload as TriggerPayload
            from workflow_instances i
            where i.definition_id = @Workflow and i.status = 'Finished' and (@Status = 'any' or lower(i.sub_status) = @Status)
              and i.finished_at >= @Since
              and not exists (select 1 from workflow_trigger_keys k where k.trigger_id = @Id and k.key = i.id || '/' || i.generation)
            order by i.finished_at, i.id
            limit {Batch}
            """,
            new
            {
                trigger.Id, Workflow = WorkflowJson.Text(trigger.Config["workflow"]) ?? "", Status = (WorkflowJson.Text(trigger.Config["status"]) ?? "finished").ToLowerInvariant(),
                Since = Math.Max(trigger.ActiveSince.ToUnixTimeMilliseconds(), Cursor(trigger) - LateMilliseconds),
            })], cancellationToken);

    private static long Cursor(WorkflowTrigger trigger) => trigger.Seen?[Until]?.GetValue<long>() ?? 0;

    private static int Depth(EndedRun ended) =>
        ended.TriggerPayload is { } text && JsonNode.Parse(text) is JsonObject payload && payload["depth"] is JsonValue depth && depth.TryGetValue<int>(out var value) ? value : 0;

    private sealed record EndedRun
    {
        public string Id { get; init; } = "";
        public string DefinitionId { get; init; } = "";
        public string SubStatus { get; init; } = "";
        public long FinishedAt { get; init; }
        public int Generation { get; init; }
        public string? CorrelationId { get; init; }
        public string? Outputs { get; init; }
        public string? TriggerPayload { get; init; }
        public string Key => string.Create(CultureInfo.InvariantCulture, $"{Id}/{Generation}");
    }
}
