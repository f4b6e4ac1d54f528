using System.Data.Common;
using Dapper;

namespace Workbench.Workflows.Storage;

/// <summary>A limit, and how much of it steps hold. A step holds what it needs while its lease lasts, so that nothing has to be given back.</summary>
internal sealed record LimitUse(string Name, long Capacity, long InUse)
{
    public bool HasRoomFor(long amount) => InUse + amount <= Capacity;

    /// <summary>Whether it can never have room; a capacity of 0 only holds back.</summary>
    public bool IsTooSmallFor(long amount) => Capacity > 0 && amount > Capacity;

    /// <summary>The limits <c>l</c> that meet the condition, by name.</summary>
    public static async Task<IReadOnlyList<LimitUse>> ReadAsync(
        WorkflowDatabase database, DbConnection connection, DbTransaction? transaction, string condition, object parameters) =>
        [.. await connection.QueryAsync<LimitUse>(
            $"""
            select l.name as Name, cast(l.capacity as bigint) as Capacity, cast(coalesce(u.amount, 0) as bigint) as InUse
            from workflow_limits l
            left join (
                select n.name, sum(n.amount) as amount
                from activity_executions e
                cross join activity_needs n
                where e.owner is not null and e.lease_until > {database.Now}
                  and n.instance_id = e.instance_id and n.step_id = e.step_id
                group by n.name) u on u.name = l.name
            where {condition}
            order by l.name
            """, parameters, transaction)];
}
