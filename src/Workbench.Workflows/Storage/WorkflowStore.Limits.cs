using System.Data.Common;
using Dapper;
using Workbench.Workflows.Model;

namespace Workbench.Workflows.Storage;

public sealed partial class WorkflowStore
{
    private const int Unlimited = int.MaxValue;

    /// <summary>
    /// Sets how much of a resource there is for the steps of all hosts on this database. A step says what it needs in its
    /// activity's <c>customProperties.resources</c>. A resource that nobody set has a capacity of 1; 0 holds its steps back.
    /// </summary>
    /// <exception cref="ArgumentException">The name may not be used for a resource.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is below 0.</exception>
    public Task SetResourceLimitAsync(string resource, int capacity, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        if (!ResourceTag.IsValid(resource))
            throw new ArgumentException($"'{resource}' names no resource. Allowed are {ResourceTag.Allowed}.", nameof(resource));
        return Database.WriteAsync((connection, transaction) => SetLimitAsync(connection, transaction, LimitName.Resource(resource), capacity), cancellationToken);
    }

    /// <summary>The resources that were set or that a step has needed, by name.</summary>
    public Task<IReadOnlyList<ResourceLimit>> ListResourceLimitsAsync(CancellationToken cancellationToken = default) =>
        Database.ReadAsync<IReadOnlyList<ResourceLimit>>(async connection =>
        {
            var limits = await LimitUse.ReadAsync(Database, connection, null, "l.name like @Pattern", new { Pattern = LimitName.ResourcePrefix + "%" });
            return [.. limits.Select(limit => new ResourceLimit(limit.Name[LimitName.ResourcePrefix.Length..], (int)limit.Capacity, (int)limit.InUse))];
        }, cancellationToken);

    /// <summary>What the version that is published now says of all runs of its workflow, older versions' too.</summary>
    private static async Task SetLimitsAsync(DbConnection connection, DbTransaction transaction, WorkflowDefinition definition)
    {
        var settings = RunSettings.Of(definition);
        foreach (var (name, limit) in new[] { (LimitName.Runs(definition.DefinitionId), settings.MaxConcurrentRuns), (LimitName.Steps(definition.DefinitionId), settings.MaxConcurrentSteps) })
            if (limit is { } capacity)
                await SetLimitAsync(connection, transaction, name, capacity);
            else
                await connection.ExecuteAsync("update workflow_limits set capacity = @Unlimited where name = @name", new { name, Unlimited }, transaction);
    }

    private static Task<int> SetLimitAsync(DbConnection connection, DbTransaction transaction, string name, int capacity) => connection.ExecuteAsync(
        """
        insert into workflow_limits (name, capacity)
        values (@name, @capacity)
        on conflict (name) do update set capacity = excluded.capacity
        """, new { name, capacity }, transaction);
}
