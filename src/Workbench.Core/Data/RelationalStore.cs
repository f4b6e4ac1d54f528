using System.Data.Common;
using System.Reflection;
using DbUp;
using DbUp.Sqlite.Helpers;
using Microsoft.Data.Sqlite;

namespace Workbench.Data;

/// <summary>
/// The one transactional database of an installation: a SQLite file in WAL mode that several processes share.
/// SQL that goes through it stays portable to PostgreSQL: text ids, bigint milliseconds, <c>ON CONFLICT</c>,
/// no <c>AUTOINCREMENT</c>. Thread-safe; a connection it hands out is not.
/// </summary>
public sealed class RelationalStore
{
    private const int BusyTimeoutMilliseconds = 10_000;
    private const int WriteAttempts = 5;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);

    private readonly string _connectionString;

    private RelationalStore(string path)
    {
        Path = path;
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            ForeignKeys = true,
            DefaultTimeout = BusyTimeoutMilliseconds / 1000,
        }.ToString();
    }

    /// <summary>Full path of the database file.</summary>
    public string Path { get; }

    /// <summary>Opens the database file, or creates it with its folder, and switches it to write-ahead logging.</summary>
    /// <exception cref="DataException">The folder cannot be written, the disk is full, or the file is no SQLite database.</exception>
    public static RelationalStore OpenSqlite(string path)
    {
        var store = new RelationalStore(System.IO.Path.GetFullPath(path));
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(store.Path) ?? ".");
            using var connection = new SqliteConnection(store._connectionString);
            connection.Open();
            Execute(connection, "pragma journal_mode=wal");
            return store;
        }
        catch (Exception failure) when (failure is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw store.Explain(failure);
        }
    }

    /// <summary>
    /// An open connection with foreign keys on, a busy timeout of 10 s and <c>synchronous=normal</c>; the caller disposes it.
    /// A transaction begun on it takes the write lock at once.
    /// </summary>
    /// <exception cref="DataException">The file went away, cannot be read, or is no database.</exception>
    public async Task<DbConnection> OpenAsync(CancellationToken cancellationToken = default)
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            Prepare(connection);
            return connection;
        }
        catch (SqliteException failure)
        {
            await connection.DisposeAsync();
            throw Explain(failure);
        }
    }

    /// <summary>
    /// Runs the embedded <c>*.sql</c> scripts of <paramref name="assembly"/> whose resource name starts with
    /// <paramref name="scriptPrefix"/> and that <paramref name="journalTable"/> does not list yet, in name order and in one
    /// transaction. Processes that start together wait for one another.
    /// </summary>
    /// <exception cref="DataException">A script failed (nothing of this call was kept), or the file cannot be written.</exception>
    public void Migrate(Assembly assembly, string scriptPrefix, string journalTable)
    {
        using var connection = new SqliteConnection(_connectionString);
        try
        {
            connection.Open();
            Prepare(connection);
            // Holds the write lock around all that DbUp does: commands of this connection join its transaction.
            using var transaction = connection.BeginTransaction(deferred: false);
            RunScripts(connection, assembly, scriptPrefix, journalTable);
            transaction.Commit();
        }
        catch (SqliteException failure)
        {
            throw Explain(failure);
        }
    }

    /// <summary>Runs <paramref name="read"/> on a connection of its own, outside any transaction.</summary>
    /// <exception cref="DataException">The file went away, cannot be read, or is no database.</exception>
    public async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancellationToken = default)
    {
        await using var connection = await OpenAsync(cancellationToken);
        try
        {
            return await read(connection);
        }
        catch (SqliteException failure) when (SqliteFailure.IsEnvironment(failure))
        {
            throw Explain(failure);
        }
    }

    /// <summary>
    /// Runs <paramref name="work"/> in a transaction that holds the write lock from its start, and commits. While another
    /// process holds the lock the work waits, and is started again if it must be: it must have no effect outside the transaction.
    /// </summary>
    /// <exception cref="DataException">The disk is full, the file cannot be written, or stayed locked.</exception>
    public async Task<T> InWriteTransactionAsync<T>(
        Func<DbConnection, DbTransaction, Task<T>> work, CancellationToken cancellationToken = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = await OpenAsync(cancellationToken);
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                var result = await work(connection, transaction);
                await transaction.CommitAsync(cancellationToken);
                return result;
            }
            catch (SqliteException failure) when (SqliteFailure.IsBusy(failure) && attempt < WriteAttempts)
            {
                await Task.Delay(RetryDelay * attempt, cancellationToken);
            }
            catch (SqliteException failure) when (SqliteFailure.IsEnvironment(failure))
            {
                throw Explain(failure);
            }
        }
    }

    /// <inheritdoc cref="InWriteTransactionAsync{T}"/>
    public Task InWriteTransactionAsync(Func<DbConnection, DbTransaction, Task> work, CancellationToken cancellationToken = default) =>
        InWriteTransactionAsync(
            async (connection, transaction) =>
            {
                await work(connection, transaction);
                return true;
            },
            cancellationToken);

    private static void RunScripts(SqliteConnection connection, Assembly assembly, string scriptPrefix, string journalTable)
    {
        // DbUp closes what it is given; the wrapper keeps the connection open.
        using var shared = new SharedConnection(connection);
        var result = DeployChanges.To
            .SqliteDatabase(shared)
            .WithScriptsEmbeddedInAssembly(assembly, name => name.StartsWith(scriptPrefix, StringComparison.Ordinal))
            .JournalToSqliteTable(journalTable)
            .WithVariablesDisabled()
            .WithoutTransaction()
            .LogToNowhere()
            .Build()
            .PerformUpgrade();
        if (!result.Successful)
            throw new DataException(
                $"Migration script '{result.ErrorScript?.Name ?? "(none)"}' failed: {result.Error.Message} Nothing was changed; correct the script.",
                result.Error) { Origin = connection.DataSource };
    }

    private static void Prepare(SqliteConnection connection) =>
        Execute(connection, $"pragma busy_timeout={BusyTimeoutMilliseconds}; pragma synchronous=normal");

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private DataException Explain(Exception failure) =>
        new(SqliteFailure.Describe(failure, Path), failure) { Origin = Path };
}
