using System.Data.Common;
using System.Reflection;

namespace Workbench.Data;

/// <summary>What differs between the databases; all other SQL is understood by each of them. Thread-safe.</summary>
internal abstract class DatabaseEngine
{
    /// <summary>The database in words, without a password.</summary>
    public abstract string Name { get; }

    /// <summary>Ends a select in a write transaction: nobody else may lock or change its rows before the transaction ends.</summary>
    public abstract string ForUpdate { get; }

    /// <summary>A statement that begins a write transaction: nobody else may write the table before it ends.</summary>
    public abstract string LockTable(string table);

    /// <summary>The moment by the database's clock, in milliseconds since 1970 UTC.</summary>
    public abstract string Now { get; }

    /// <summary>Makes the database ready to be opened, as far as a client can.</summary>
    public abstract void Create();

    /// <summary>An open connection, which the caller disposes. In a transaction each statement sees what others committed before.</summary>
    public abstract Task<DbConnection> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Runs the embedded scripts that did not run yet, all or none. Processes that start together wait for one another.</summary>
    public abstract void Migrate(Assembly assembly, string scriptPrefix, string journalTable);

    /// <summary>Whether a transaction that failed so did nothing, and may succeed when it is tried again.</summary>
    public abstract bool IsTransient(DbException failure);

    /// <summary>Whether the surroundings are at fault (server, disk, rights, locks), and not the statement.</summary>
    public abstract bool IsEnvironment(DbException failure);

    /// <summary>The failure in words: what, which database, what to do.</summary>
    public abstract DataException Explain(Exception failure);

    protected static void Check(DbUp.Engine.DatabaseUpgradeResult result, string origin)
    {
        if (!result.Successful)
            throw new DataException(
                $"Migration script '{result.ErrorScript?.Name ?? "(none)"}' failed: {result.Error.Message} Nothing was changed; correct the script.",
                result.Error) { Origin = origin };
    }
}
