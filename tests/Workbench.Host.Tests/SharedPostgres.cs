using Workbench.Workflows;

[assembly: AssemblyFixture(typeof(Workbench.Host.Tests.SharedPostgres))]

namespace Workbench.Host.Tests;

/// <summary>One PostgreSQL server for all tests, started by the first that asks and stopped after the last.</summary>
public sealed class SharedPostgres : IAsyncDisposable
{
    private static readonly Lazy<Task<PostgresServer>> Server = new(() => PostgresServer.StartAsync());

    /// <summary>The server; skips the test where none is installed.</summary>
    public static Task<PostgresServer> GetAsync()
    {
        Assert.SkipUnless(PostgresServer.IsInstalled, PostgresServer.Missing);
        return Server.Value;
    }

    /// <summary>The address of a new empty database; skips the test where no server is installed.</summary>
    public static async Task<string> CreateDatabaseAsync()
    {
        var server = await GetAsync();
        return server.ConnectionText(await server.CreateDatabaseAsync(TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        if (Server.IsValueCreated)
            await (await Server.Value).DisposeAsync();
    }
}
