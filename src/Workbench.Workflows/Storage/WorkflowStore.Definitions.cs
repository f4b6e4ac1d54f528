using System.Data.Common;
using Dapper;
using Workbench.Workflows.Model;

namespace Workbench.Workflows.Storage;

public sealed partial class WorkflowStore
{
    private const string DefinitionColumns = """
        select id as Id, definition_id as DefinitionId, version as Version, is_latest as IsLatest, is_published as IsPublished,
               created_at as CreatedAt, content as Content, revision as Revision
        from workflow_definitions
        """;

    /// <summary>
    /// Saves a draft, or publishes. A draft replaces the latest draft; over a published version it becomes the next version.
    /// Publishing what is already published returns that version. Without a definition id a new one is given. Nothing is
    /// validated here; <see cref="Runtime.WorkflowEngine.PublishAsync"/> does.
    /// </summary>
    public async Task<WorkflowDefinition> SaveDefinitionAsync(WorkflowDefinition definition, bool publish, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var normal = Normalize(definition);
        var saved = await Database.WriteAsync(async (connection, transaction) =>
        {
            await connection.ExecuteAsync(Database.Dialect.LockTable("workflow_definitions"), transaction: transaction);
            var row = await SaveAsync(connection, transaction, normal, publish);
            if (publish)
            {
                // Triggers before limits, in the order in which a trigger that fires takes them.
                await new TriggerTransaction(connection, transaction, Database).SynchroniseAsync(ToDefinition(row));
                await SetLimitsAsync(connection, transaction, definition with { DefinitionId = row.DefinitionId });
            }
            return row;
        }, cancellationToken);
        return ToDefinition(saved);
    }

    /// <summary>The newest version, or null when the definition is unknown.</summary>
    public Task<WorkflowDefinition?> GetLatestAsync(string definitionId, CancellationToken cancellationToken = default) =>
        FindAsync("where definition_id = @definitionId and is_latest = 1", new { definitionId }, cancellationToken);

    /// <summary>The published version, or null when there is none.</summary>
    public Task<WorkflowDefinition?> GetPublishedAsync(string definitionId, CancellationToken cancellationToken = default) =>
        FindAsync("where definition_id = @definitionId and is_published = 1", new { definitionId }, cancellationToken);

    /// <summary>The row of the published version, or null when there is none.</summary>
    internal Task<DefinitionRow?> FindPublishedRowAsync(string definitionId, CancellationToken cancellationToken) =>
        Database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<DefinitionRow>(
            $"{DefinitionColumns} where definition_id = @definitionId and is_published = 1", new { definitionId }), cancellationToken);

    /// <summary>The row of the given version, or null when it is unknown.</summary>
    internal Task<DefinitionRow?> FindVersionRowAsync(string definitionId, int version, CancellationToken cancellationToken) =>
        Database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<DefinitionRow>(
            $"{DefinitionColumns} where definition_id = @definitionId and version = @version", new { definitionId, version }), cancellationToken);

    /// <summary>The given version, or null when it is unknown.</summary>
    public Task<WorkflowDefinition?> GetVersionAsync(string definitionId, int version, CancellationToken cancellationToken = default) =>
        FindAsync("where definition_id = @definitionId and version = @version", new { definitionId, version }, cancellationToken);

    /// <summary>The version with that id, or null when it is unknown.</summary>
    public Task<WorkflowDefinition?> GetByVersionIdAsync(string versionId, CancellationToken cancellationToken = default) =>
        FindAsync("where id = @versionId", new { versionId }, cancellationToken);

    /// <summary>The latest version of every definition, ordered by name.</summary>
    public async Task<IReadOnlyList<WorkflowDefinition>> ListDefinitionsAsync(CancellationToken cancellationToken = default) =>
        await ListAsync("where is_latest = 1 order by name, definition_id", new { }, cancellationToken);

    /// <summary>All versions of a definition, newest first.</summary>
    public async Task<IReadOnlyList<WorkflowDefinition>> ListVersionsAsync(string definitionId, CancellationToken cancellationToken = default) =>
        await ListAsync("where definition_id = @definitionId order by version desc", new { definitionId }, cancellationToken);

    /// <summary>Takes the published version back, so that no run starts from it; false when none was published.</summary>
    public Task<bool> RetractAsync(string definitionId, CancellationToken cancellationToken = default) =>
        Database.WriteAsync(async (connection, transaction) =>
        {
            var retracted = await connection.ExecuteAsync(
                "update workflow_definitions set is_published = 0 where definition_id = @definitionId and is_published = 1", new { definitionId }, transaction);
            await new TriggerTransaction(connection, transaction, Database).DeactivateAsync(definitionId);
            return retracted > 0;
        }, cancellationToken);

    private async Task<DefinitionRow> SaveAsync(DbConnection connection, DbTransaction transaction, DefinitionRow row, bool publish)
    {
        var latest = await connection.QuerySingleOrDefaultAsync<DefinitionRow>(
            $"{DefinitionColumns} where definition_id = @DefinitionId and is_latest = 1", row, transaction);
        if (latest is { IsPublished: 1 } && publish && latest.Content == row.Content)
            return latest;
        if (latest is { IsPublished: 0 } && !await IsUsedAsync(connection, transaction, latest))
            row = row with { Id = latest.Id, Version = latest.Version };
        else
            row = row with { Version = (latest?.Version ?? 0) + 1 };
        row = row with { IsLatest = 1, IsPublished = publish ? 1 : 0 };
        await connection.ExecuteAsync(
            """
            update workflow_definitions
            set is_latest = 0,
                is_published = case when @IsPublished = 1 then 0 else is_published end
            where definition_id = @DefinitionId
            """, row, transaction);
        var createdAt = await connection.ExecuteScalarAsync<long>(
            $"""
            insert into workflow_definitions (id, definition_id, version, name, is_latest, is_published, created_at, content)
            values (@Id, @DefinitionId, @Version, @Name, @IsLatest, @IsPublished, {Database.Now}, @Content)
            on conflict (id) do update
            set name = excluded.name, is_latest = 1, is_published = excluded.is_published, content = excluded.content, revision = workflow_definitions.revision + 1
            returning created_at
            """, row, transaction);
        return row with { CreatedAt = createdAt };
    }

    /// <summary>A version that a run is pinned to never changes, even when it was retracted.</summary>
    private static async Task<bool> IsUsedAsync(DbConnection connection, DbTransaction transaction, DefinitionRow row) =>
        await connection.ExecuteScalarAsync<long>(
            "select count(*) from workflow_instances where definition_version_id = @Id", row, transaction) > 0;

    /// <summary>The row to save: ids filled in, and a content that says nothing of version and state.</summary>
    private static DefinitionRow Normalize(WorkflowDefinition definition)
    {
        var definitionId = definition.DefinitionId.Length > 0 ? definition.DefinitionId : Guid.NewGuid().ToString("N");
        var rootId = $"Workflow1:{definition.Root.Id}";
        var root = definition.Root with
        {
            NodeId = rootId,
            Activities = [.. definition.Root.Activities.Select(activity => activity with { NodeId = $"{rootId}:{activity.Id}" })],
        };
        var content = definition with
        {
            Id = null, DefinitionId = definitionId, Version = 0, IsLatest = false, IsPublished = false, CreatedAt = null, Root = root,
        };
        return new()
        {
            Id = Guid.NewGuid().ToString("N"),
            DefinitionId = definitionId,
            Name = definition.Name,
            Content = content.ToJson(),
        };
    }

    private async Task<WorkflowDefinition?> FindAsync(string where, object parameters, CancellationToken cancellationToken) =>
        (await ListAsync(where, parameters, cancellationToken)).FirstOrDefault();

    private async Task<List<WorkflowDefinition>> ListAsync(string where, object parameters, CancellationToken cancellationToken)
    {
        var rows = await Database.ReadAsync(
            connection => connection.QueryAsync<DefinitionRow>($"{DefinitionColumns} {where}", parameters), cancellationToken);
        return [.. rows.Select(ToDefinition)];
    }

    internal static WorkflowDefinition ToDefinition(DefinitionRow row) => WorkflowDefinition.Parse(row.Content) with
    {
        Id = row.Id,
        Version = row.Version,
        IsLatest = row.IsLatest == 1,
        IsPublished = row.IsPublished == 1,
        CreatedAt = Clock.ToTime(row.CreatedAt),
    };
}
