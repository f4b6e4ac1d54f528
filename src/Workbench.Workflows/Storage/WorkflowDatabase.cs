using System.Data.Common;
using System.Globalization;

namespace Workbench.Workflows.Storage;

/// <summary>
/// Connections and transactions. A write transaction begins with a statement that locks its run's row, so that
/// transitions of one run follow one another on every database; on SQLite it takes the write lock at once.
/// </summary>
internal sealed class WorkflowDatabase(SqlDialect dialect, TimeProvider? time)
{
    private const int WriteAttempts = 5;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(50);

    public SqlDialect Dialect => dialect;

    /// <summary>The moment as an SQL expression: the database's clock, or a number when a test gave the clock.</summary>
    public string Now => time?.Milliseconds().ToString(CultureInfo.InvariantCulture) ?? dialect.Now;

    public async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var connection = await dialect.OpenAsync(cancellationToken);
        return await read(connection);
    }

    /// <summary>Commits what <paramref name="write"/> does. When the database undid it in favour of another it starts again, so it has no effect elsewhere.</summary>
    public async Task<T> WriteAsync<T>(Func<DbConnection, DbTransaction, Task<T>> write, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await WriteOnceAsync(write, cancellationToken);
            }
            catch (DbException failure) when (attempt < WriteAttempts && dialect.IsTransient(failure))
            {
                await Task.Delay(RetryDelay * attempt, cancellationToken);
            }
        }
    }

    private async Task<T> WriteOnceAsync<T>(Func<DbConnection, DbTransaction, Task<T>> write, CancellationToken cancellationToken)
    {
        if (dialect.Writers is { } writers)
            await writers.WaitAsync(cancellationToken);
        try
        {
            await using var connection = await dialect.OpenAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var result = await write(connection, transaction);
            await transaction.CommitAsync(cancellationToken);
            return result;
        }
        finally
        {
            dialect.Writers?.Release();
        }
    }

    /// <summary>Commits what <paramref name="work"/> does to a run whose row it locks; default when the run is unknown.</summary>
    public Task<T?> InRunAsync<T>(string runId, Func<RunTransaction, RunRow, Task<T?>> work, CancellationToken cancellationToken) =>
        WriteAsync(async (connection, transaction) =>
        {
            var statements = new RunTransaction(connection, transaction, this);
            return await statements.LockAsync(runId) is { } run ? await work(statements, run) : default;
        }, cancellationToken);
}
