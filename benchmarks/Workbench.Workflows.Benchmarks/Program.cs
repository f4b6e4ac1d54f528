using Workbench.Workflows;
using Workbench.Workflows.Benchmarks;

// Without arguments: SQLite in a temporary folder, and a PostgreSQL server of its own (durable: it waits for the disk).
// With one: the database that the text names; it should be empty.
if (args is [var given])
{
    await new EngineBenchmark("given database", given).RunAsync();
    return 0;
}
var folder = Directory.CreateTempSubdirectory("workflow-benchmark-").FullName;
await new EngineBenchmark("SQLite", Path.Combine(folder, "workbench.db")).RunAsync();
Directory.Delete(folder, recursive: true);
if (!PostgresServer.IsInstalled)
{
    Console.WriteLine($"PostgreSQL: left out. {PostgresServer.Missing}");
    return 0;
}
await using var server = await PostgresServer.StartAsync(isDurable: true);
await new EngineBenchmark("PostgreSQL", server.ConnectionText(await server.CreateDatabaseAsync())).RunAsync();
return 0;
