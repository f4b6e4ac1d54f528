using System.Data.Common;

namespace Workbench.Workflows.Storage;

/// <summary>
/// Definitions with their versions, and what is known of runs. The caller says how connections are opened (SQLite in WAL mode;
/// the registry's database file may be shared). Thread-safe.
/// </summary>
public sealed partial class WorkflowStore
{
    private readonly TimeProvider _time;

    /// <summary>A store over the connections that <paramref name="open"/> opens; <paramref name="time"/> is the system's clock unless given.</summary>
    public WorkflowStore(Func<CancellationToken, Task<DbConnection>> open, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(open);
        Database = new(open);
        _time = time ?? TimeProvider.System;
    }

    internal WorkflowDatabase Database { get; }

    /// <summary>Creates the tables or brings them up to date. Processes that start together wait for one another.</summary>
    /// <exception cref="WorkflowException">A migration script failed; nothing was changed.</exception>
    public Task MigrateAsync(CancellationToken cancellationToken = default) => Database.MigrateAsync(cancellationToken);
}
