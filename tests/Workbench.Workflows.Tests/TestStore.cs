using System.Data.Common;
using Workbench.Workflows.Storage;

namespace Workbench.Workflows;

/// <summary>A store in a database of its own that goes away: a SQLite file, or a database of the test's PostgreSQL server.</summary>
internal sealed class TestStore : IAsyncDisposable
{
    private readonly Func<ValueTask> _drop;

    private TestStore(string database, TimeProvider? time, Func<ValueTask> drop)
    {
        (Database, _drop) = (database, drop);
        Store = WorkflowStore.Open(database, time);
    }

    /// <summary>For what a test keeps beside the database.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("workflows-").FullName;
    /// <summary>The text that opens the database.</summary>
    public string Database { get; }
    public WorkflowStore Store { get; }

    /// <summary>A store, migrated unless it is to be empty. <paramref name="time"/> is the database's clock unless given.</summary>
    public static async Task<TestStore> CreateAsync(TimeProvider? time = null, DatabaseKind kind = DatabaseKind.Sqlite, bool isEmpty = false)
    {
        var store = kind == DatabaseKind.Sqlite ? CreateSqlite(time) : await CreatePostgresAsync(time);
        if (!isEmpty)
            await store.Store.MigrateAsync();
        return store;
    }

    public Task<DbConnection> OpenAsync(CancellationToken cancellationToken) => Store.Database.Dialect.OpenAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await _drop();
        Directory.Delete(Folder, recursive: true);
    }

    private static TestStore CreateSqlite(TimeProvider? time)
    {
        var folder = Directory.CreateTempSubdirectory("workflows-").FullName;
        return new(Path.Combine(folder, "workbench.db"), time, () =>
        {
            Directory.Delete(folder, recursive: true);
            return ValueTask.CompletedTask;
        });
    }

    private static async Task<TestStore> CreatePostgresAsync(TimeProvider? time)
    {
        var server = await SharedPostgres.GetAsync();
        var database = await server.CreateDatabaseAsync();
        return new(server.ConnectionText(database), time, async () => await server.DropDatabaseAsync(database));
    }
}
