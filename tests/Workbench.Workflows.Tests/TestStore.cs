using System.Data.Common;
using Microsoft.Data.Sqlite;
using Workbench.Workflows.Storage;

namespace Workbench.Workflows;

/// <summary>A store on a SQLite file of its own, in WAL mode, in a folder that goes away.</summary>
internal sealed class TestStore : IAsyncDisposable
{
    private TestStore(TimeProvider? time)
    {
        Store = new(OpenAsync, time);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("workflows-").FullName;
    public string DatabaseFile => Path.Combine(Folder, "workbench.db");
    public WorkflowStore Store { get; }

    public static async Task<TestStore> CreateAsync(TimeProvider? time = null)
    {
        var store = new TestStore(time);
        await using (var connection = await store.OpenAsync(default))
        await using (var command = connection.CreateCommand())
        {
            command.CommandText = "pragma journal_mode=wal";
            await command.ExecuteNonQueryAsync();
        }
        await store.Store.MigrateAsync();
        return store;
    }

    public async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection($"Data Source={DatabaseFile};Foreign Keys=True;Pooling=False");
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
