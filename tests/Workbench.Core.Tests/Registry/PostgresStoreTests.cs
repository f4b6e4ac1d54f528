using Dapper;
using Workbench.Data;
using Workbench.Registry;

namespace Workbench.Core.Tests.Registry;

/// <summary>What a PostgreSQL server refuses, and what a user reads then.</summary>
public sealed class PostgresStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_NoServer_SaysWhereAndWhatToDo()
    {
        // Port 1 (tcpmux) is reserved and free on any machine that runs tests.
        var failure = Assert.Throws<DataException>(() => Open("Host=127.0.0.1;Port=1;Database=workbench;Username=anna;Password=geheim"));
        Assert.Contains("No PostgreSQL server answers at 127.0.0.1:1", failure.Message);
        Assert.Contains("--db", failure.Message);
        Assert.True(failure.IsUnavailable);
        Assert.DoesNotContain("geheim", failure.ToString());
    }

    [Fact]
    public async Task Open_MissingDatabase_SaysHowToCreateIt()
    {
        var server = await SharedPostgres.GetAsync();
        var failure = Assert.Throws<DataException>(() => Open(server.ConnectionText("nowhere")));
        Assert.Contains("has no database 'nowhere'", failure.Message);
        Assert.Contains("createdb", failure.Message);
        Assert.False(failure.IsUnavailable);
    }

    [Fact]
    public async Task Open_WrongPassword_SaysSoAndHidesIt()
    {
        var server = await SharedPostgres.GetAsync();
        var database = await server.CreateDatabaseAsync(TestContext.Current.CancellationToken);
        await server.AddUserAsync("anna", "richtig", TestContext.Current.CancellationToken);
        _ = RelationalStore.Open(DatabaseAddress.Parse($"{server.ConnectionText(database)};Username=anna;Password=richtig"));
        var failure = Assert.Throws<DataException>(() => Open($"{server.ConnectionText(database)};Username=anna;Password=falsch"));
        Assert.Contains("refuses user 'anna': the password is wrong", failure.Message);
        Assert.DoesNotContain("falsch", failure.ToString());
    }

    [Fact]
    public async Task Open_UserMayNotCreateTables_SaysSo()
    {
        var server = await SharedPostgres.GetAsync();
        var database = await server.CreateDatabaseAsync(TestContext.Current.CancellationToken);
        await server.AddUserAsync("guest", "richtig", TestContext.Current.CancellationToken);
        var folder = _folder.Data with { SharedDatabase = DatabaseAddress.Parse($"{server.ConnectionText(database)};Username=guest;Password=richtig") };
        var failure = Assert.Throws<DataException>(() => ModelRegistry.Open(folder));
        Assert.Contains("User 'guest' may not do this", failure.Message);
    }

    [Fact]
    public async Task ReadAsync_ServerStopsAndStarts_FailsInBetweenAndGoesOn()
    {
        Assert.SkipUnless(Workflows.PostgresServer.IsInstalled, Workflows.PostgresServer.Missing);
        await using var server = await Workflows.PostgresServer.StartAsync();
        var store = RelationalStore.Open(DatabaseAddress.Parse(server.ConnectionText(await server.CreateDatabaseAsync(TestContext.Current.CancellationToken))));
        Task<long> ReadAsync() => store.ReadAsync(connection => connection.ExecuteScalarAsync<long>("select 1"), TestContext.Current.CancellationToken);
        Assert.Equal(1, await ReadAsync());
        await server.StopAsync();
        Assert.True((await Assert.ThrowsAsync<DataException>(ReadAsync)).IsUnavailable);
        Assert.True((await Assert.ThrowsAsync<DataException>(ReadAsync)).IsUnavailable);
        await server.RestartAsync();
        Assert.Equal(1, await ReadAsync());
    }

    [Fact]
    public async Task Open_ManyNodesAtOnce_MigrateOnce()
    {
        var server = await SharedPostgres.GetAsync();
        var folder = _folder.Data with { SharedDatabase = DatabaseAddress.Parse(server.ConnectionText(await server.CreateDatabaseAsync(TestContext.Current.CancellationToken))) };
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => ModelRegistry.Open(folder))));
        Assert.Equal(1, await RelationalStore.Open(folder).ReadAsync(connection => connection.ExecuteScalarAsync<long>("select count(*) from experiments"), TestContext.Current.CancellationToken));
        Assert.False(File.Exists(folder.Database));
    }

    private static RelationalStore Open(string text) => RelationalStore.Open(DatabaseAddress.Parse(text));
}
