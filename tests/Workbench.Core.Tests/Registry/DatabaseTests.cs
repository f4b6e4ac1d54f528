using Workbench.Data;

namespace Workbench.Core.Tests.Registry;

/// <summary>Tests that run on a SQLite file and, in a derived class, on a PostgreSQL database of their own; they skip where PostgreSQL is missing.</summary>
public abstract class DatabaseTests : IAsyncLifetime
{
    private string? _database;

    private protected TemporaryFolder Folder { get; } = new();

    protected virtual bool IsOnPostgres => false;

    public async ValueTask InitializeAsync()
    {
        if (IsOnPostgres)
        {
            var server = await SharedPostgres.GetAsync();
            _database = await server.CreateDatabaseAsync(TestContext.Current.CancellationToken);
            Folder.SharedDatabase = DatabaseAddress.Parse(server.ConnectionText(_database));
        }
        await SetUpAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await TearDownAsync();
        if (_database is not null)
            await (await SharedPostgres.GetAsync()).DropDatabaseAsync(_database);
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected virtual Task SetUpAsync() => Task.CompletedTask;

    protected virtual Task TearDownAsync() => Task.CompletedTask;
}
