using System.Data.Common;
using Dapper;

namespace Workbench.Workflows.Storage;

public sealed partial class WorkflowStore
{
    // Everything that belongs to a run, the run itself last.
    private static readonly IReadOnlyList<(string Table, string Key)> RunTables =
        [
            ("workflow_bookmarks", "instance_id"), ("workflow_approvals", "instance_id"), ("activity_needs", "instance_id"), ("activity_logs", "instance_id"),
            ("workflow_journal", "instance_id"), ("activity_executions", "instance_id"), ("workflow_instances", "id"),
        ];

    /// <summary>Deletes a definition with all its versions and its finished runs; false when it is unknown.</summary>
    /// <exception cref="WorkflowException">A run of it goes on; nothing was deleted.</exception>
    public Task<bool> DeleteDefinitionAsync(string definitionId, CancellationToken cancellationToken = default) =>
        Database.WriteAsync(async (connection, transaction) =>
        {
            await DeleteRunsAsync(connection, transaction, "definition_id = @definitionId", new { definitionId }, $"The workflow '{definitionId}'");
            await new TriggerTransaction(connection, transaction, Database).DeleteAllAsync(definitionId);
            return await connection.ExecuteAsync("delete from workflow_definitions where definition_id = @definitionId", new { definitionId }, transaction) > 0;
        }, cancellationToken);

    /// <summary>
    /// Deletes one version with its finished runs; the version before becomes the latest when it was that. False when it is unknown.
    /// </summary>
    /// <exception cref="WorkflowException">A run of it goes on; nothing was deleted.</exception>
    public Task<bool> DeleteVersionAsync(string versionId, CancellationToken cancellationToken = default) =>
        Database.WriteAsync(async (connection, transaction) =>
        {
            var definitionId = await connection.ExecuteScalarAsync<string?>("select definition_id from workflow_definitions where id = @versionId", new { versionId }, transaction);
            if (definitionId is null)
                return false;
            await DeleteRunsAsync(connection, transaction, "definition_version_id = @versionId", new { versionId }, $"That version of '{definitionId}'");
            await connection.ExecuteAsync("delete from workflow_definitions where id = @versionId", new { versionId }, transaction);
            await connection.ExecuteAsync(
                """
                update workflow_definitions
                set is_latest = 1
                where definition_id = @definitionId
                  and version = (select max(version) from workflow_definitions where definition_id = @definitionId)
                """, new { definitionId }, transaction);
            await new TriggerTransaction(connection, transaction, Database).DeactivateAsync(definitionId);
            return true;
        }, cancellationToken);

    /// <summary>Deletes a finished run with its steps and journal; false when it is unknown.</summary>
    /// <exception cref="WorkflowException">The run goes on; nothing was deleted.</exception>
    public Task<bool> DeleteRunAsync(string runId, CancellationToken cancellationToken = default) =>
        Database.WriteAsync(async (connection, transaction) =>
            await DeleteRunsAsync(connection, transaction, "id = @runId", new { runId }, $"The run '{runId}'") > 0, cancellationToken);

    private static async Task<int> DeleteRunsAsync(DbConnection connection, DbTransaction transaction, string where, object parameters, string subject)
    {
        var going = await connection.ExecuteScalarAsync<long>(
            $"select count(*) from workflow_instances where {where} and status <> '{nameof(RunStatus.Finished)}'", parameters, transaction);
        if (going > 0)
            throw new WorkflowException($"{subject} cannot be deleted: {(going == 1 ? "a run goes" : $"{going} runs go")} on. Cancel what runs, or wait for its end.");
        int deleted = 0;
        foreach (var (table, key) in RunTables)
            deleted = await connection.ExecuteAsync($"delete from {table} where {key} in (select id from workflow_instances where {where})", parameters, transaction);
        return deleted;
    }
}
