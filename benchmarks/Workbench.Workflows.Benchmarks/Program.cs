using Workbench.Workflows;
using Workbench.Workflows.Benchmarks;

// Measures everything, or the parts that are named, on SQLite in a temporary folder and on a PostgreSQL server of its own
// (durable: it waits for the disk). 'sqlite' and 'postgres' choose one of them.
string[] databases = ["sqlite", "postgres"];
if (args.FirstOrDefault(word => !databases.Contains(word) && !EngineBenchmark.Parts.Contains(word)) is { } unknown)
{
    Console.Error.WriteLine($"Unknown word '{unknown}'. Known: {string.Join(", ", databases.Concat(EngineBenchmark.Parts))}.");
    return 2;
}
var parts = args.Except(databases).Any() ? args.Except(databases).ToList() : EngineBenchmark.Parts;
if (!args.Contains("postgres") || args.Contains("sqlite"))
{
    var folder = Directory.CreateTempSubdirectory("workflow-benchmark-").FullName;
    await new EngineBenchmark("SQLite", Path.Combine(folder, "workbench.db")).RunAsync(parts);
    Directory.Delete(folder, recursive: true);
}
if (args.Contains("sqlite") && !args.Contains("postgres"))
    return 0;
if (!PostgresServer.IsInstalled)
{
    Console.WriteLine($"PostgreSQL: left out. {PostgresServer.Missing}");
    return 0;
}
await using var server = await PostgresServer.StartAsync(isDurable: true);
await new EngineBenchmark("PostgreSQL", server.ConnectionText(await server.CreateDatabaseAsync())).RunAsync(parts);
return 0;
