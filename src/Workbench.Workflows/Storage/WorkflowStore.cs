namespace Workbench.Workflows.Storage;

/// <summary>Definitions with their versions, and what is known of runs, in a SQLite file or a PostgreSQL database. Thread-safe.</summary>
public sealed partial class WorkflowStore : IAsyncDisposable
{
    internal WorkflowStore(SqlDialect dialect, TimeProvider? time) => Database = new(dialect, time);

    internal WorkflowDatabase Database { get; }

    /// <summary>
    /// A store in the database that the text names: <c>Host=...</c> is PostgreSQL's connection string, a path or
    /// <c>Data Source=...</c> a SQLite file, which other tables may share. Opens nothing yet. Times are the database's
    /// clock; <paramref name="time"/> replaces it in tests.
    /// </summary>
    /// <exception cref="WorkflowException">The text names no database; says what is allowed.</exception>
    public static WorkflowStore Open(string database, TimeProvider? time = null) =>
        new(DatabaseText.Parse(database), time);

    /// <summary>Creates the tables or brings them up to date. Processes that start together wait for one another.</summary>
    /// <exception cref="WorkflowException">The database cannot be opened, or a migration script failed; nothing was changed.</exception>
    public async Task MigrateAsync(CancellationToken cancellationToken = default)
    {
        await Database.Dialect.MigrateAsync(cancellationToken);
        await ListMissingTriggersAsync(cancellationToken);
    }

    /// <summary>Whether the database is PostgreSQL, which several hosts share; else it is a SQLite file.</summary>
    public bool IsPostgreSql => Database.Dialect.IsShared;

    /// <summary>What opens the same database through ADO.NET. Holds the password, if there is one.</summary>
    public string ConnectionString => Database.Dialect.ConnectionString;

    /// <summary>Closes the connections that it keeps.</summary>
    public ValueTask DisposeAsync() => Database.Dialect.DisposeAsync();
}
