using Workbench.Workflows;

[assembly: AssemblyFixture(typeof(Workbench.Core.Tests.SharedPostgres))]

namespace Workbench.Core.Tests;

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

    public async ValueTask DisposeAsync()
    {
        if (Server.IsValueCreated)
            await (await Server.Value).DisposeAsync();
    }
}
