using System.Data.Common;

namespace Workbench.Workflows.Storage;

/// <summary>What differs between the databases; all other SQL is understood by each of them. Thread-safe.</summary>
internal abstract class SqlDialect : IAsyncDisposable
{
    protected const string ScriptFolder = "Workbench.Workflows.Storage.Migrations.";
    protected const string JournalTable = "workflow_schema_versions";

    /// <summary>Lets one transaction at a time write, where the database does so itself but makes others look again and again; null where it does not.</summary>
    public virtual SemaphoreSlim? Writers => null;

    /// <summary>What opens the database through ADO.NET.</summary>
    public abstract string ConnectionString { get; }

    /// <summary>Whether hosts on several machines may use the database.</summary>
    public abstract bool IsShared { get; }

    /// <summary>The moment by the database's clock: an expression that gives milliseconds since 1970 UTC.</summary>
    public abstract string Now { get; }

    /// <summary>Ends a select: locks the rows of <paramref name="table"/> that it finds, and passes over those that others hold.</summary>
    public abstract string SkipLocked(string table);

    /// <summary>Ends a select: locks the rows that it finds until the transaction ends.</summary>
    public abstract string ForUpdate { get; }

    /// <summary>Ends a select: nobody changes the rows that it finds until the transaction ends.</summary>
    public abstract string ForShare { get; }

    /// <summary>Follows a statement: tells the listeners of all nodes, when the transaction commits, that a step is ready; empty where they see it themselves.</summary>
    public virtual string WakeWorkers => "";

    /// <summary>Begins a transaction that reads a table and writes by what it read: others wait until it ends.</summary>
    public abstract string LockTable(string table);

    /// <summary>The end of a condition: is one of the values of <paramref name="parameter"/>, which is an array.</summary>
    public abstract string IsAnyOf(string parameter);

    /// <summary>An open connection, which the caller disposes. A transaction begun on it sees what others committed before each statement.</summary>
    /// <exception cref="WorkflowException">The database cannot be opened; says which and why.</exception>
    public abstract Task<DbConnection> OpenAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Calls <paramref name="wake"/> soon after another process may have made steps ready, until it is cancelled. Gives up with an
    /// exception when the database is out of reach.
    /// </summary>
    public abstract Task ListenAsync(Action wake, CancellationToken cancellationToken);

    /// <summary>Whether a transaction that failed so did nothing and may succeed when it is tried again.</summary>
    public abstract bool IsTransient(Exception failure);

    /// <summary>Runs the scripts that did not run yet, all or none. Processes that start together wait for one another.</summary>
    public abstract Task MigrateAsync(CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();

    protected static bool IsScript(string name) => name.StartsWith(ScriptFolder, StringComparison.Ordinal);

    protected static void Check(DbUp.Engine.DatabaseUpgradeResult result)
    {
        if (!result.Successful)
            throw new WorkflowException(
                $"Migration script '{result.ErrorScript?.Name ?? "(none)"}' failed: {result.Error.Message} Nothing was changed; see whether the database belongs to a newer version.",
                result.Error);
    }
}
