using Dapper;

namespace Workbench.Workflows.Storage;

internal sealed partial class RunTransaction
{
    /// <summary>Notes what a new step takes of the limits while it runs. A limit that nobody set is 1.</summary>
    public async Task InsertNeedsAsync(StepRow step, IEnumerable<(string Name, int Amount)> needs)
    {
        foreach (var (name, amount) in needs)
        {
            await connection.ExecuteAsync("insert into workflow_limits (name, capacity) values (@name, 1) on conflict (name) do nothing", new { name }, transaction);
            await connection.ExecuteAsync(
                "insert into activity_needs (instance_id, step_id, name, amount) values (@InstanceId, @StepId, @name, @amount)",
                new { step.InstanceId, step.StepId, name, amount }, transaction);
        }
    }

    /// <summary>Locks what the step needs, so that nobody else takes it before this transaction ends, and returns it with the limits.</summary>
    public async Task<IReadOnlyList<(LimitUse Limit, long Amount)>> LockNeedsAsync(string runId, string stepId)
    {
        var needs = (await connection.QueryAsync<(string Name, long Amount)>(
            "select name, cast(amount as bigint) from activity_needs where instance_id = @runId and step_id = @stepId",
            new { runId, stepId }, transaction)).ToDictionary(need => need.Name, need => need.Amount);
        if (needs.Count == 0)
            return [];
        var names = needs.Keys.ToArray();
        await connection.ExecuteAsync(
            $"select name from workflow_limits where name {database.Dialect.IsAnyOf("@names")} order by name {database.Dialect.ForUpdate}", new { names }, transaction);
        var limits = await LimitUse.ReadAsync(database, connection, transaction, $"l.name {database.Dialect.IsAnyOf("@names")}", new { names });
        return [.. limits.Select(limit => (limit, needs[limit.Name]))];
    }

    /// <summary>Whether one more run of the workflow may go on. Until this transaction ends nobody else counts.</summary>
    public async Task<bool> LockRoomForRunAsync(string definitionId)
    {
        var name = LimitName.Runs(definitionId);
        var capacity = await connection.ExecuteScalarAsync<long?>(
            $"select capacity from workflow_limits where name = @name {database.Dialect.ForUpdate}", new { name }, transaction);
        return capacity is null || capacity > await connection.ExecuteScalarAsync<long>(
            "select count(*) from workflow_instances where definition_id = @definitionId and status = 'Running' and sub_status <> 'Pending'",
            new { definitionId }, transaction);
    }

    /// <summary>The run of the workflow that waits for room and whose turn it is, or null.</summary>
    public Task<string?> NextQueuedRunAsync(string definitionId) => connection.ExecuteScalarAsync<string?>(
        """
        select id
        from workflow_instances
        where definition_id = @definitionId and status = 'Running' and sub_status = 'Pending'
        order by priority desc, created_at, id
        limit 1
        """, new { definitionId }, transaction);
}
