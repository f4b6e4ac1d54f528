using System.CommandLine;
using Workbench.Data;
using Workbench.Host.Api;
using Workbench.Host.Cluster;

namespace Workbench.Host.Cli;

internal static class ServeCommand
{
    public static Command Create()
    {
        var data = DataOption.Create();
        var address = new Option<string>("--address") { Description = "IP address to listen on.", DefaultValueFactory = _ => "127.0.0.1" };
        var port = new Option<int>("--port") { Description = "Port to listen on; 0 picks a free one.", DefaultValueFactory = _ => 8080 };
        var pathBase = new Option<string?>("--path-base") { Description = "Path below which a proxy passes requests on without taking it away, such as /ml. Pages, designer and API work there.", HelpName = "PATH" };
        var node = new Option<string?>("--node") { Description = "Name of this host among those that share a database with --db. Default: machine and process.", HelpName = "NAME" };
        var parallelism = new Option<int>("--parallelism") { Description = "Steps that run here at the same time; one of several processes counts as many.", DefaultValueFactory = _ => 2 };
        var command = new Command("serve", "Start the host: pages, pipelines, schedules, serving, monitoring. Several hosts may share a PostgreSQL database and a data folder.") { data, address, port, pathBase, node, parallelism };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var key = Environment.GetEnvironmentVariable(ApiKeyGate.EnvironmentVariable);
            var settings = new HostSettings
            {
                Folder = parsed.Folder(data),
                Url = ApiKeyGate.CheckAddress(parsed.GetValue(address)!, parsed.GetValue(port), key),
                ApiKey = string.IsNullOrEmpty(key) ? null : key,
                Clock = ReplayClock.FromEnvironment(),
                PathBase = Path(parsed.GetValue(pathBase)),
                Node = NodeName.Check(parsed.GetValue(node)),
                Parallelism = parsed.GetValue(parallelism) is > 0 and var steps ? steps : throw new CommandException($"--parallelism is {parsed.GetValue(parallelism)}; it must be 1 or more."),
            };
            await using var host = await WorkbenchHost.StartAsync(settings, cancellationToken);
            var shared = settings.Folder.SharedDatabase is { } database ? $", {database}, node {settings.Node}" : "";
            Console.WriteLine($"Workbench listens on {host.Url}, data in {settings.Folder.Path}{shared}. Ctrl+C stops it.");
            await host.WaitForShutdownAsync(cancellationToken);
        });
        return command;
    }

    private static string? Path(string? path) => path is null or "" or "/" ? null
        : path.StartsWith('/') ? path.TrimEnd('/')
        : throw new CommandException($"--path-base is '{path}'; it begins with a slash, as in /ml.");
}
