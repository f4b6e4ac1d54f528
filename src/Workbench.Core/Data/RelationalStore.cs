using System.Data.Common;
using System.Reflection;

namespace Workbench.Data;

/// <summary>
/// The one transactional database of an installation: a SQLite file in WAL mode that several processes share, or a PostgreSQL
/// database that several nodes share. SQL that goes through it runs on both: text ids, bigint milliseconds, <c>ON CONFLICT</c>,
/// no <c>AUTOINCREMENT</c>. Thread-safe; a connection it hands out is not.
/// </summary>
public sealed class RelationalStore
{
    private const int WriteAttempts = 5;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);

    private readonly DatabaseEngine _engine;

    private RelationalStore(DatabaseEngine engine) => _engine = engine;

    /// <summary>The database in words: the full path of the file, or server and database without the password.</summary>
    public string Name => _engine.Name;

    /// <summary>What differs between the databases.</summary>
    internal DatabaseEngine Engine => _engine;

    /// <summary>Opens the database of a folder: its SQLite file, which is created when there is none, or the server's that it names.</summary>
    /// <exception cref="DataException">The file cannot be written, or the server does not let this user into that database; says why and what to do.</exception>
    public static RelationalStore Open(DataFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return Open(folder.Address);
    }

    /// <summary>Opens the database at an address; a SQLite file is created when there is none.</summary>
    /// <exception cref="DataException">The file cannot be written, or the server does not let this user into that database; says why and what to do.</exception>
    public static RelationalStore Open(DatabaseAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.IsPostgres ? Open(new PostgresEngine(address)) : OpenSqlite(address.Text);
    }

    /// <summary>Opens the database file, or creates it with its folder, and switches it to write-ahead logging.</summary>
    /// <exception cref="DataException">The folder cannot be written, the disk is full, or the file is no SQLite database.</exception>
    public static RelationalStore OpenSqlite(string path) => Open(new SqliteEngine(path));

    /// <summary>
    /// An open connection; the caller disposes it. On SQLite with foreign keys on, a busy timeout of 10 s and
    /// <c>synchronous=normal</c>, and a transaction begun on it takes the write lock at once.
    /// </summary>
    /// <exception cref="DataException">The database is out of reach, went away, cannot be read, or is none.</exception>
    public async Task<DbConnection> OpenAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await _engine.OpenAsync(cancellationToken);
        }
        catch (DbException failure)
        {
            throw _engine.Explain(failure);
        }
    }

    /// <summary>
    /// Runs the embedded <c>*.sql</c> scripts of <paramref name="assembly"/> whose resource name starts with
    /// <paramref name="scriptPrefix"/> and that <paramref name="journalTable"/> does not list yet, in name order and in one
    /// transaction. Processes that start together wait for one another.
    /// </summary>
    /// <exception cref="DataException">A script failed (nothing of this call was kept), or the database cannot be written.</exception>
    public void Migrate(Assembly assembly, string scriptPrefix, string journalTable)
    {
        try
        {
            _engine.Migrate(assembly, scriptPrefix, journalTable);
        }
        catch (DbException failure)
        {
            throw _engine.Explain(failure);
        }
        catch (DataException failure) when (failure.InnerException is DbException cause && _engine.IsEnvironment(cause))
        {
            throw _engine.Explain(cause);
        }
    }

    /// <summary>Runs <paramref name="read"/> on a connection of its own, outside any transaction.</summary>
    /// <exception cref="DataException">The database is out of reach, went away, cannot be read, or is none.</exception>
    public async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancellationToken = default)
    {
        await using var connection = await OpenAsync(cancellationToken);
        try
        {
            return await read(connection);
        }
        catch (DbException failure) when (_engine.IsEnvironment(failure))
        {
            throw _engine.Explain(failure);
        }
    }

    /// <summary>
    /// Runs <paramref name="work"/> in a transaction and commits. On SQLite it holds the write lock from its start; on PostgreSQL
    /// it locks the rows that it decides by, first thing. The work is started again when the database undid it in favour of
    /// another: it must have no effect outside the transaction.
    /// </summary>
    /// <exception cref="DataException">The database is out of reach, the disk is full, it cannot be written, or stayed locked.</exception>
    public async Task<T> InWriteTransactionAsync<T>(
        Func<DbConnection, DbTransaction, Task<T>> work, CancellationToken cancellationToken = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = await _engine.OpenAsync(cancellationToken);
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                var result = await work(connection, transaction);
                await transaction.CommitAsync(cancellationToken);
                return result;
            }
            catch (DbException failure) when (_engine.IsTransient(failure) && attempt < WriteAttempts)
            {
                await Task.Delay(RetryDelay * attempt, cancellationToken);
            }
            catch (DbException failure) when (_engine.IsEnvironment(failure))
            {
                throw _engine.Explain(failure);
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

    private static RelationalStore Open(DatabaseEngine engine)
    {
        try
        {
            engine.Create();
            return new RelationalStore(engine);
        }
        catch (Exception failure) when (failure is DbException or IOException or UnauthorizedAccessException)
        {
            throw engine.Explain(failure);
        }
    }
}
