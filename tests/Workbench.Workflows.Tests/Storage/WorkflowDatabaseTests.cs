using Dapper;

namespace Workbench.Workflows.Storage;

public sealed class WorkflowDatabaseTests
{
    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.PostgreSql)]
    public async Task Now_WithoutAGivenClock_IsTheDatabasesInMilliseconds(DatabaseKind kind)
    {
        await using var test = await TestStore.CreateAsync(kind: kind);
        var before = TimeProvider.System.GetUtcNow();
        await using var connection = await test.OpenAsync(default);
        var now = Clock.ToTime(await connection.ExecuteScalarAsync<long>($"select {test.Store.Database.Now}"));
        // Both databases run on this machine, so their clocks agree with its own; a millisecond is lost by rounding.
        Assert.InRange(now, before - TimeSpan.FromMilliseconds(1), TimeProvider.System.GetUtcNow() + TimeSpan.FromMilliseconds(1));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.PostgreSql)]
    public async Task Migrate_ProcessesThatStartTogether_CreateTheTablesOnce(DatabaseKind kind)
    {
        await using var test = await TestStore.CreateAsync(kind: kind, isEmpty: true);

        var stores = Enumerable.Range(0, 4).Select(_ => WorkflowStore.Open(test.Database)).ToList();
        await Task.WhenAll(stores.Select(store => Task.Run(() => store.MigrateAsync())));

        foreach (var store in stores)
            await store.DisposeAsync();
        Assert.Empty(await test.Store.ListDefinitionsAsync());
    }

    [Theory]
    [InlineData("", "No database was given.")]
    [InlineData("postgres://me:secret@db/workbench", "begins with 'postgres://'")]
    [InlineData("Host=db;Passwort=secret", "cannot be read")]
    public void Open_TextThatNamesNoDatabase_SaysWhatIsAllowedWithoutThePassword(string text, string expected)
    {
        var failure = Assert.Throws<WorkflowException>(() => WorkflowStore.Open(text));
        Assert.Contains(expected, failure.Message);
        Assert.Contains("'Host=db;Database=workbench;", failure.Message);
        Assert.DoesNotContain("secret", failure.Message);
    }

    [Fact]
    public async Task Migrate_ServerThatIsNotThere_NamesItWithoutThePassword()
    {
        await using var store = WorkflowStore.Open("Host=127.0.0.1;Port=1;Database=workbench;Username=me;Password=secret");
        var failure = await Assert.ThrowsAsync<WorkflowException>(() => store.MigrateAsync());
        Assert.StartsWith("The PostgreSQL database 'workbench' at 127.0.0.1:1 cannot be opened:", failure.Message);
        Assert.DoesNotContain("secret", failure.Message);
    }

    [Fact]
    public async Task Migrate_FileThatIsNoDatabase_NamesIt()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, new string('x', 4096));
        await using var store = WorkflowStore.Open(file);
        var failure = await Assert.ThrowsAsync<WorkflowException>(() => store.MigrateAsync());
        Assert.Contains($"'{file}' cannot be opened:", failure.Message);
        File.Delete(file);
    }
}
