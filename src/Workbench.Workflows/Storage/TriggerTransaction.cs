using System.Data.Common;
using Dapper;
using Workbench.Workflows.Model;
using Workbench.Workflows.Triggers;

namespace Workbench.Workflows.Storage;

/// <summary>The statements of one transaction over the triggers of one workflow, which it locks first: they decide one after the other.</summary>
internal sealed class TriggerTransaction(DbConnection connection, DbTransaction transaction, WorkflowDatabase database)
{
    // Nobody sends a message again after so long; then the run itself is all that remembers it.
    private static readonly TimeSpan KeyLifetime = TimeSpan.FromDays(90);

    /// <summary>The moment of this transaction by the database's clock; known once the workflow is locked.</summary>
    public long Now { get; private set; }

    /// <summary>Locks the triggers of the trigger's workflow and returns the trigger; null when it is unknown.</summary>
    public async Task<TriggerRow?> LockAsync(string triggerId) =>
        await connection.ExecuteScalarAsync<string?>("select definition_id from workflow_triggers where id = @triggerId", new { triggerId }, transaction) is { } definitionId
            ? (await LockWorkflowAsync(definitionId)).FirstOrDefault(row => row.Id == triggerId)
            : null;

    public async Task<IReadOnlyList<TriggerRow>> LockWorkflowAsync(string definitionId)
    {
        var rows = (await connection.QueryAsync<TriggerRow>(
            $"select {TriggerRow.Columns} from workflow_triggers where definition_id = @definitionId order by id {database.Dialect.ForUpdate}",
            new { definitionId }, transaction)).ToList();
        Now = await connection.ExecuteScalarAsync<long>($"select {database.Now}", transaction: transaction);
        return rows;
    }

    public Task SaveAsync(TriggerRow row) => connection.ExecuteAsync(
        """
        insert into workflow_triggers (
            id, definition_id, version, name, activity_id, type, config, is_active, active_since, is_paused, paused_by, paused_at,
            next_at, seen, fired_at, fired_reason, fired_run_id, skipped_count, skipped_at, skipped_reason, failed_at, failure, created_at)
        values (
            @Id, @DefinitionId, @Version, @Name, @ActivityId, @Type, @Config, @IsActive, @ActiveSince, @IsPaused, @PausedBy, @PausedAt,
            @NextAt, @Seen, @FiredAt, @FiredReason, @FiredRunId, @SkippedCount, @SkippedAt, @SkippedReason, @FailedAt, @Failure, @CreatedAt)
        on conflict (id) do update
        set version = excluded.version, activity_id = excluded.activity_id, type = excluded.type, config = excluded.config,
            is_active = excluded.is_active, active_since = excluded.active_since,
            is_paused = excluded.is_paused, paused_by = excluded.paused_by, paused_at = excluded.paused_at,
            next_at = excluded.next_at, seen = excluded.seen,
            fired_at = excluded.fired_at, fired_reason = excluded.fired_reason, fired_run_id = excluded.fired_run_id,
            skipped_count = excluded.skipped_count, skipped_at = excluded.skipped_at, skipped_reason = excluded.skipped_reason,
            failed_at = excluded.failed_at, failure = excluded.failure
        """, row, transaction);

    /// <summary>Whether the trigger has acted on the key, and the run that it started for it, if any.</summary>
    public async Task<(bool IsKnown, string? RunId)> FindKeyAsync(string triggerId, string key)
    {
        var found = await connection.QueryFirstOrDefaultAsync<KeyRow>(
            "select run_id as RunId from workflow_trigger_keys where trigger_id = @triggerId and key = @key", new { triggerId, key }, transaction);
        return (found is not null, found?.RunId);
    }

    public async Task InsertKeyAsync(string triggerId, string key, string? runId)
    {
        await connection.ExecuteAsync(
            "insert into workflow_trigger_keys (trigger_id, key, run_id, at) values (@triggerId, @key, @runId, @Now)", new { triggerId, key, runId, Now }, transaction);
        await connection.ExecuteAsync("delete from workflow_trigger_keys where trigger_id = @triggerId and at < @Oldest",
            new { triggerId, Oldest = Now - (long)KeyLifetime.TotalMilliseconds }, transaction);
    }

    /// <summary>A run that another trigger of the workflow started less than a minute before or after the moment, and that did not fail; or null.</summary>
    public Task<string?> FindTwinAsync(TriggerRow trigger, long at, long notBefore) => connection.QueryFirstOrDefaultAsync<string?>(
        """
        select id
        from workflow_instances
        where definition_id = @DefinitionId and dedupe_at > @at - 60000 and dedupe_at < @at + 60000 and trigger_id <> @Id
          and created_at >= @notBefore and sub_status not in ('Faulted', 'Cancelled')
        order by created_at desc
        limit 1
        """, new { trigger.DefinitionId, trigger.Id, at, notBefore }, transaction);

    /// <summary>Runs of the workflow that go on or wait for room.</summary>
    public async Task<IReadOnlyList<string>> RunningRunsAsync(string definitionId) => [.. await connection.QueryAsync<string>(
        "select id from workflow_instances where definition_id = @definitionId and status = 'Running' order by id", new { definitionId }, transaction)];

    /// <summary>One row for each trigger of the definition, which is published now. Those that it has no more go; of the others the state stays.</summary>
    public async Task SynchroniseAsync(WorkflowDefinition definition)
    {
        var rows = await LockWorkflowAsync(definition.DefinitionId);
        var specs = TriggerSpec.Of(definition);
        await DeleteAsync([.. rows.Where(row => specs.All(spec => spec.Name != row.Name)).Select(row => row.Id)]);
        foreach (var spec in specs)
            await SaveAsync(Bring(rows.FirstOrDefault(row => row.Name == spec.Name), spec, definition));
        await connection.ExecuteAsync(
            "update workflow_definitions set has_triggers = @Has where definition_id = @DefinitionId and is_published = 1",
            new { Has = specs.Count > 0 ? 1 : 0, definition.DefinitionId }, transaction);
    }

    /// <summary>Triggers of a definition of which no version is published any more keep their state and fire no more.</summary>
    public Task DeactivateAsync(string definitionId) => connection.ExecuteAsync(
        """
        update workflow_triggers
        set is_active = 0, next_at = null
        where definition_id = @definitionId
          and not exists (select 1 from workflow_definitions where definition_id = @definitionId and is_published = 1)
        """, new { definitionId }, transaction);

    /// <summary>Forgets the triggers of a definition.</summary>
    public async Task DeleteAllAsync(string definitionId) => await DeleteAsync([.. (await LockWorkflowAsync(definitionId)).Select(row => row.Id)]);

    private async Task DeleteAsync(string[] ids)
    {
        if (ids.Length == 0)
            return;
        await connection.ExecuteAsync($"delete from workflow_trigger_keys where trigger_id {database.Dialect.IsAnyOf("@ids")}", new { ids }, transaction);
        await connection.ExecuteAsync($"delete from workflow_triggers where id {database.Dialect.IsAnyOf("@ids")}", new { ids }, transaction);
    }

    /// <summary>What is new begins now: a schedule that did not change keeps its next moment, and so remembers what a host that was down has missed.</summary>
    private TriggerRow Bring(TriggerRow? row, TriggerSpec spec, WorkflowDefinition definition)
    {
        var isNew = row is null || row.Type != spec.Type;
        var current = isNew
            ? new() { Id = TriggerSpec.IdOf(definition.DefinitionId, spec.Name), DefinitionId = definition.DefinitionId, Name = spec.Name, CreatedAt = Now, ActiveSince = Now }
            : row! with { }; // Not null where it is not new.
        var before = isNew || current.IsActive == 0 ? null : TriggerSchedule.Read(current.Type, WorkflowJson.ReadObject(current.Config));
        var after = TriggerSchedule.Read(spec.Type, spec.Config);
        if (before is null || before.Text != after?.Text)
            current.NextAt = after?.First(Clock.ToTime(Now))?.ToUnixTimeMilliseconds();
        if (current.IsActive == 0)
            current.ActiveSince = Now;
        (current.Version, current.Type, current.Config, current.IsActive) = (definition.Version, spec.Type, WorkflowJson.Write(spec.Config), 1);
        return current with { ActivityId = spec.ActivityId };
    }

    private sealed record KeyRow
    {
        public string? RunId { get; init; }
    }
}
