using System.Data.Common;
using DbUp;
using DbUp.Sqlite.Helpers;

namespace Workbench.Workflows.Storage;

/// <summary>
/// Connections and transactions. A write transaction begins with a statement that locks its run's row, so that
/// transitions of one run follow one another on every database; on SQLite it takes the write lock at once.
/// </summary>
internal sealed class WorkflowDatabase(Func<CancellationToken, Task<DbConnection>> open)
{
    private const string ScriptFolder = "Workbench.Workflows.Storage.Migrations.";
    private const string JournalTable = "workflow_schema_versions";

    public async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var connection = await open(cancellationToken);
        return await read(connection);
    }

    public async Task<T> WriteAsync<T>(Func<DbConnection, DbTransaction, Task<T>> write, CancellationToken cancellationToken)
    {
        await using var connection = await open(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var result = await write(connection, transaction);
        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await open(cancellationToken);
        // Holds the write lock around all that DbUp does, so that processes that start together wait for one another.
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        using var shared = new SharedConnection(connection);
        var result = DeployChanges.To.SqliteDatabase(shared)
            .WithScriptsEmbeddedInAssembly(typeof(WorkflowDatabase).Assembly, name => name.StartsWith(ScriptFolder, StringComparison.Ordinal))
            .JournalToSqliteTable(JournalTable)
            .WithVariablesDisabled().WithoutTransaction().LogToNowhere().Build().PerformUpgrade();
        if (!result.Successful)
            throw new WorkflowException(
                $"Migration script '{result.ErrorScript?.Name ?? "(none)"}' failed: {result.Error.Message} Nothing was changed; see whether the database file belongs to a newer version.",
                result.Error);
        await transaction.CommitAsync(cancellationToken);
    }
}
