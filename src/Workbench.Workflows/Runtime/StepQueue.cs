using System.Data.Common;
using Dapper;
using Workbench.Workflows.Storage;

namespace Workbench.Workflows.Runtime;

/// <summary>
/// Whose turn it is: runs of a higher priority first, then older runs, then the order within the run. What a limit holds back
/// is passed over, so that it keeps nobody else waiting; others that need the same are held back behind it, so that a step
/// that needs much is not overtaken for ever.
/// </summary>
internal sealed class StepQueue(WorkflowDatabase database)
{
    /// <summary>
    /// The next step that has all it needs, or that can never have it. Adds to <paramref name="heldBack"/> the limits at which
    /// others were passed over.
    /// </summary>
    public Task<QueuedStep?> PeekAsync(HashSet<string> heldBack, CancellationToken cancellationToken) =>
        database.ReadAsync(async connection =>
        {
            while (await FindAsync(connection, null, heldBack, skipsLocked: false) is { } found)
            {
                var full = await FullAsync(connection, found);
                if (full.Count == 0)
                    return found;
                heldBack.UnionWith(full);
            }
            return null;
        }, cancellationToken);

    /// <summary>The next step of a run that no other transaction has locked; its run is locked then.</summary>
    public Task<QueuedStep?> FindUnlockedAsync(DbConnection connection, DbTransaction transaction, IReadOnlyCollection<string> heldBack) =>
        FindAsync(connection, transaction, heldBack, skipsLocked: true);

    private async Task<QueuedStep?> FindAsync(DbConnection connection, DbTransaction? transaction, IReadOnlyCollection<string> heldBack, bool skipsLocked)
    {
        var needsNothingHeldBack = heldBack.Count == 0 ? "" :
            $"""
              and not exists (
                select 1 from activity_needs n
                where n.instance_id = e.instance_id and n.step_id = e.step_id and n.name {database.Dialect.IsAnyOf("@Names")})
            """;
        return await connection.QueryFirstOrDefaultAsync<QueuedStep>(
            $"""
            select e.instance_id as RunId, e.step_id as StepId,
                   case when exists (select 1 from activity_needs n where n.instance_id = e.instance_id and n.step_id = e.step_id) then 1 else 0 end as HasNeeds,
                   e.places as Places
            from activity_executions e
            join workflow_instances i on i.id = e.instance_id
            where e.status = 'Pending' and e.not_before <= {database.Now} and i.stopping is null
            {needsNothingHeldBack}
            order by e.priority desc, e.run_created_at, e.instance_id, e.ordinal
            limit 1 {(skipsLocked ? database.Dialect.SkipLocked("i") : "")}
            """, new { Names = heldBack.ToArray() }, transaction);
    }

    /// <summary>Names of the limits that have no room for the step now; not those that are too small for it for ever.</summary>
    private async Task<IReadOnlyList<string>> FullAsync(DbConnection connection, QueuedStep step)
    {
        if (step.HasNeeds == 0)
            return [];
        var needs = (await connection.QueryAsync<(string Name, long Amount)>(
            "select name, cast(amount as bigint) from activity_needs where instance_id = @RunId and step_id = @StepId", step)).ToDictionary(need => need.Name, need => need.Amount);
        var limits = await LimitUse.ReadAsync(database, connection, null, $"l.name {database.Dialect.IsAnyOf("@Names")}", new { Names = needs.Keys.ToArray() });
        if (limits.Any(limit => limit.IsTooSmallFor(needs[limit.Name])))
            return [];
        return [.. limits.Where(limit => !limit.HasRoomFor(needs[limit.Name])).Select(limit => limit.Name)];
    }
}
