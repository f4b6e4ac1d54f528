using Dapper;
using Workbench.Data;

namespace Workbench.Core.Tests.Registry;

public sealed class RelationalStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task OpenAsync_NewFile_HasWalAndForeignKeys()
    {
        var store = RelationalStore.OpenSqlite(_folder.Data.Database);
        await using var connection = await store.OpenAsync();
        Assert.Equal("wal", await connection.ExecuteScalarAsync<string>("pragma journal_mode"));
        Assert.Equal(1, await connection.ExecuteScalarAsync<long>("pragma foreign_keys"));
        Assert.Equal(1, await connection.ExecuteScalarAsync<long>("pragma synchronous")); // 1 = normal
        Assert.True(await connection.ExecuteScalarAsync<long>("pragma busy_timeout") >= 5000);
    }

    [Fact]
    public void OpenSqlite_FileIsNoDatabase_SaysSo()
    {
        var file = _folder.Write("workbench.db", new string('x', 5000));
        var failure = Assert.Throws<DataException>(() => RelationalStore.OpenSqlite(file));
        Assert.Contains("is no SQLite database", failure.Message);
        Assert.Equal(file, failure.Origin);
    }

    [Fact]
    public void OpenSqlite_FolderCannotBeMade_SaysWhatToDo()
    {
        var file = _folder.Write("occupied", "a file where a folder should be");
        var failure = Assert.Throws<DataException>(() => RelationalStore.OpenSqlite(Path.Combine(file, "workbench.db")));
        Assert.Contains("name another data folder with --data", failure.Message);
    }

    [Fact]
    public async Task InWriteTransactionAsync_DatabaseFull_SaysSoAndKeepsNothing()
    {
        var store = RelationalStore.OpenSqlite(_folder.Data.Database);
        await store.InWriteTransactionAsync((connection, _) => connection.ExecuteAsync("create table t (x blob)"));
        // SQLite's own limit on the file's pages gives the same SQLITE_FULL as a full disk.
        var failure = await Assert.ThrowsAsync<DataException>(() => store.InWriteTransactionAsync(async (connection, _) =>
        {
            await connection.ExecuteAsync("pragma max_page_count = 10");
            await connection.ExecuteAsync("insert into t values (zeroblob(1000000))");
        }));
        Assert.Contains("is full", failure.Message);
        Assert.Equal(0, await store.ReadAsync(connection => connection.ExecuteScalarAsync<long>("select count(*) from t")));
    }

    [Fact]
    public async Task InWriteTransactionAsync_WorkFails_RollsBack()
    {
        var store = RelationalStore.OpenSqlite(_folder.Data.Database);
        await store.InWriteTransactionAsync((connection, _) => connection.ExecuteAsync("create table t (x integer)"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.InWriteTransactionAsync(async (connection, _) =>
        {
            await connection.ExecuteAsync("insert into t values (1)");
            throw new InvalidOperationException("planted");
        }));
        Assert.Equal(0, await store.ReadAsync(connection => connection.ExecuteScalarAsync<long>("select count(*) from t")));
    }

    [Fact]
    public async Task InWriteTransactionAsync_ManyWritersAtOnce_LosesNoUpdate()
    {
        var stores = Enumerable.Range(0, 4).Select(_ => RelationalStore.OpenSqlite(_folder.Data.Database)).ToList();
        await stores[0].InWriteTransactionAsync((connection, _) => connection.ExecuteAsync("create table t (x integer); insert into t values (0)"));
        await Task.WhenAll(stores.Select(store => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++)
                await store.InWriteTransactionAsync(async (connection, _) =>
                {
                    var x = await connection.ExecuteScalarAsync<long>("select x from t");
                    await connection.ExecuteAsync("update t set x = @next", new { next = x + 1 });
                });
        })));
        Assert.Equal(100, await stores[0].ReadAsync(connection => connection.ExecuteScalarAsync<long>("select x from t")));
    }

    [Fact]
    public async Task Migrate_TwiceAndInParallel_RunsEachScriptOnce()
    {
        var assembly = typeof(RelationalStore).Assembly;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            RelationalStore.OpenSqlite(_folder.Data.Database).Migrate(assembly, "Workbench.Registry.Migrations.", "registry_journal"))));
        var store = RelationalStore.OpenSqlite(_folder.Data.Database);
        Assert.Equal(1, await store.ReadAsync(connection => connection.ExecuteScalarAsync<long>("select count(*) from registry_journal")));
        Assert.Equal(1, await store.ReadAsync(connection => connection.ExecuteScalarAsync<long>("select count(*) from experiments")));
    }

    [Fact]
    public async Task Migrate_ScriptFails_NamesItAndChangesNothing()
    {
        var store = RelationalStore.OpenSqlite(_folder.Data.Database);
        await store.InWriteTransactionAsync((connection, _) => connection.ExecuteAsync("create table tags (in_the_way integer)"));
        var failure = Assert.Throws<DataException>(() =>
            store.Migrate(typeof(RelationalStore).Assembly, "Workbench.Registry.Migrations.", "registry_journal"));
        Assert.Contains("001-registry.sql", failure.Message);
        Assert.Equal(1, await store.ReadAsync(connection =>
            connection.ExecuteScalarAsync<long>("select count(*) from sqlite_master where type = 'table'")));
    }
}
