using Dapper;

namespace Workbench.Workflows.Storage;

public sealed partial class WorkflowStore
{
    /// <summary>The triggers of published definitions with their state, ordered by workflow; an activity that starts runs comes before the entries.</summary>
    public Task<IReadOnlyList<WorkflowTrigger>> ListTriggersAsync(TriggerFilter? filter = null, CancellationToken cancellationToken = default)
    {
        filter ??= new();
        return Database.ReadAsync<IReadOnlyList<WorkflowTrigger>>(async connection =>
        {
            var rows = await connection.QueryAsync<TriggerRow>(
                $"""
                select {TriggerRow.Columns}
                from workflow_triggers
                where (cast(@DefinitionId as text) is null or definition_id = @DefinitionId)
                  and (@AnyType = 1 or type {Database.Dialect.IsAnyOf("@Types")})
                  and (@Inactive = 1 or is_active = 1)
                order by definition_id, case when activity_id is null then 1 else 0 end, name
                """,
                new { filter.DefinitionId, AnyType = filter.Types.Count == 0 ? 1 : 0, Types = filter.Types.ToArray(), Inactive = filter.IncludeInactive ? 1 : 0 });
            return [.. rows.Select(row => row.ToTrigger())];
        }, cancellationToken);
    }

    /// <summary>The trigger, or null when it is unknown.</summary>
    public async Task<WorkflowTrigger?> GetTriggerAsync(string triggerId, CancellationToken cancellationToken = default) =>
        (await Database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<TriggerRow>(
            $"select {TriggerRow.Columns} from workflow_triggers where id = @triggerId", new { triggerId }), cancellationToken))?.ToTrigger();

    /// <summary>Lets the trigger start nothing until it is resumed; false when it was paused already. Runs that go on are left alone.</summary>
    /// <exception cref="WorkflowException">Unknown trigger.</exception>
    public Task<bool> PauseTriggerAsync(string triggerId, string actor, CancellationToken cancellationToken = default) =>
        ChangeTriggerAsync(triggerId, (row, now) =>
        {
            if (row.IsPaused == 1)
                return false;
            (row.IsPaused, row.PausedBy, row.PausedAt) = (1, actor, now);
            return true;
        }, cancellationToken);

    /// <summary>
    /// Lets a paused trigger start runs again; false when it was not paused. What it missed in the meantime is caught up only when
    /// its misfire policy is <c>all</c>.
    /// </summary>
    /// <exception cref="WorkflowException">Unknown trigger.</exception>
    public Task<bool> ResumeTriggerAsync(string triggerId, CancellationToken cancellationToken = default) =>
        ChangeTriggerAsync(triggerId, (row, now) =>
        {
            if (row.IsPaused == 0)
                return false;
            (row.IsPaused, row.PausedBy, row.PausedAt) = (0, null, null);
            var trigger = row.ToTrigger();
            if (trigger.Settings.Misfire == Triggers.TriggerMisfire.All)
                return true;
            (row.ActiveSince, row.Seen) = (now, null);
            if (row.NextAt <= now)
                row.NextAt = trigger.Schedule?.First(Clock.ToTime(now))?.ToUnixTimeMilliseconds();
            return true;
        }, cancellationToken);

    /// <summary>Keeps why a trigger cannot start runs, for example because a folder cannot be read; the next run that it starts clears it.</summary>
    /// <exception cref="WorkflowException">Unknown trigger.</exception>
    public Task ReportTriggerFailureAsync(string triggerId, string failure, CancellationToken cancellationToken = default) =>
        ChangeTriggerAsync(triggerId, (row, now) =>
        {
            if (row.Failure == failure)
                return false;
            (row.FailedAt, row.Failure) = (now, failure);
            return true;
        }, cancellationToken);

    private Task<bool> ChangeTriggerAsync(string triggerId, Func<TriggerRow, long, bool> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(triggerId);
        return Database.WriteAsync(async (connection, transaction) =>
        {
            var statements = new TriggerTransaction(connection, transaction, Database);
            var row = await statements.LockAsync(triggerId)
                ?? throw new WorkflowException($"There is no trigger '{triggerId}'. List the triggers to see their ids, such as churn-retrain:nightly.");
            if (!change(row, statements.Now))
                return false;
            await statements.SaveAsync(row);
            return true;
        }, cancellationToken);
    }

    /// <summary>Rows for definitions that were published before there was a table.</summary>
    private async Task ListMissingTriggersAsync(CancellationToken cancellationToken)
    {
        foreach (var definition in await ListAsync("where is_published = 1 and has_triggers is null", new { }, cancellationToken))
            await Database.WriteAsync(async (connection, transaction) =>
            {
                await connection.ExecuteAsync(Database.Dialect.LockTable("workflow_definitions"), transaction: transaction);
                await new TriggerTransaction(connection, transaction, Database).SynchroniseAsync(definition);
                return true;
            }, cancellationToken);
    }
}
