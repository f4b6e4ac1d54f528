using Dapper;
using Workbench.Workflows.Model;

namespace Workbench.Workflows.Storage;

public sealed partial class WorkflowStore
{
    /// <summary>One page of definitions, and how many there are in all.</summary>
    public async Task<(IReadOnlyList<WorkflowDefinition> Items, long Total)> SearchDefinitionsAsync(DefinitionFilter filter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var where = $"""
            where {Condition(filter)}
              and (@AnyDefinition = 1 or definition_id {Database.Dialect.IsAnyOf("@DefinitionIds")})
              and (@AnyId = 1 or id {Database.Dialect.IsAnyOf("@Ids")})
              and (@Pattern = '' or lower(name) like @Pattern escape '\' or lower(definition_id) like @Pattern escape '\' or lower(id) like @Pattern escape '\')
            """;
        var parameters = new
        {
            filter.Version, filter.DefinitionIds, filter.Ids, Pattern = SearchPattern(filter.SearchTerm),
            AnyDefinition = filter.DefinitionIds.Count == 0 ? 1 : 0, AnyId = filter.Ids.Count == 0 ? 1 : 0, filter.Skip, filter.Take,
        };
        var total = await Database.ReadAsync(connection => connection.ExecuteScalarAsync<long>($"select count(*) from workflow_definitions {where}", parameters), cancellationToken);
        var direction = filter.Descending ? "desc" : "asc";
        var items = await ListAsync($"{where} order by {Column(filter.OrderBy)} {direction}, definition_id, version {direction} limit @Take offset @Skip", parameters, cancellationToken);
        return (items, total);
    }

    /// <summary>How many definitions there are, versions not counted.</summary>
    public Task<long> CountDefinitionsAsync(CancellationToken cancellationToken = default) =>
        Database.ReadAsync(connection => connection.ExecuteScalarAsync<long>("select count(*) from workflow_definitions where is_latest = 1"), cancellationToken);

    /// <summary>One page of runs with their steps, and how many there are in all.</summary>
    public async Task<(IReadOnlyList<WorkflowRun> Items, long Total)> SearchRunsAsync(RunSearch search, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(search);
        var (where, parameters) = Condition(search);
        var total = await Database.ReadAsync(connection => connection.ExecuteScalarAsync<long>($"select count(*) from workflow_instances {where}", parameters), cancellationToken);
        var direction = search.Descending ? "desc" : "asc";
        var items = await QueryRunsAsync($"{where} order by {Column(search.OrderBy)} {direction}, id {direction} limit @Take offset @Skip", parameters, cancellationToken);
        return (items, total);
    }

    private static string Condition(DefinitionFilter filter) => filter.Version is not null ? "version = @Version" : filter.Versions switch
    {
        VersionChoice.Latest => "is_latest = 1",
        VersionChoice.Published => "is_published = 1",
        VersionChoice.LatestOrPublished => "(is_latest = 1 or is_published = 1)",
        VersionChoice.LatestAndPublished => "is_latest = 1 and is_published = 1",
        VersionChoice.Draft => "is_latest = 1 and is_published = 0",
        _ => "1 = 1",
    };

    private (string Where, DynamicParameters Parameters) Condition(RunSearch search)
    {
        var parameters = new DynamicParameters(new { search.Skip, search.Take });
        var conditions = new List<string> { "1 = 1" };
        void Add(string condition, string name, object? value)
        {
            if (value is null or "" or System.Collections.ICollection { Count: 0 })
                return;
            conditions.Add(condition);
            parameters.Add(name, value);
        }
        Add($"id {Database.Dialect.IsAnyOf("@Ids")}", "Ids", search.Ids);
        Add($"definition_id {Database.Dialect.IsAnyOf("@DefinitionIds")}", "DefinitionIds", search.DefinitionIds);
        Add("definition_version_id = @VersionId", "VersionId", search.DefinitionVersionId);
        Add("correlation_id = @CorrelationId", "CorrelationId", search.CorrelationId);
        Add("version = @Version", "Version", search.Version);
        Add($"status {Database.Dialect.IsAnyOf("@Statuses")}", "Statuses", search.Statuses.Select(status => status.ToString()).ToList());
        Add($"sub_status {Database.Dialect.IsAnyOf("@SubStatuses")}", "SubStatuses", search.SubStatuses.Select(status => status.ToString()).ToList());
        Add("(lower(id) like @Pattern escape '\\' or lower(definition_id) like @Pattern escape '\\' or lower(coalesce(correlation_id, '')) like @Pattern escape '\\' or lower(reason) like @Pattern escape '\\')",
            "Pattern", SearchPattern(search.SearchTerm));
        if (search.HasIncidents is { } has)
            conditions.Add(has ? "incident_count > 0" : "incident_count = 0");
        for (int i = 0; i < search.Times.Count; i++)
            Add($"{Column(search.Times[i].Of)} {Operator(search.Times[i].Comparison)} @Time{i}", $"Time{i}", search.Times[i].At.ToUnixTimeMilliseconds());
        return ("where " + string.Join(" and ", conditions), parameters);
    }

    // Found as written: % and _ in a search term are no wildcards.
    private static string SearchPattern(string? term) => string.IsNullOrWhiteSpace(term) ? ""
        : $"%{term.Trim().ToLowerInvariant().Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";

    private static string Column(DefinitionOrder order) => order switch
    {
        DefinitionOrder.Created => "created_at",
        DefinitionOrder.Version => "version",
        _ => "lower(name)",
    };

    private static string Column(RunTime time) => time switch
    {
        RunTime.Updated => "updated_at",
        RunTime.Finished => "finished_at",
        _ => "created_at",
    };

    private static string Operator(RunTimeComparison comparison) => comparison switch
    {
        RunTimeComparison.IsNot => "<>",
        RunTimeComparison.GreaterThan => ">",
        RunTimeComparison.GreaterThanOrEqual => ">=",
        RunTimeComparison.LessThan => "<",
        RunTimeComparison.LessThanOrEqual => "<=",
        _ => "=",
    };
}
