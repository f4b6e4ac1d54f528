using System.CommandLine;
using System.Globalization;

namespace Workbench.Host.Cli;

/// <summary>The hosts that work on one database.</summary>
internal static class NodeCommand
{
    private static readonly Option<string?> Data = DataOption.Create();

    public static Command Create()
    {
        var list = new Command("list", "The nodes with their addresses, what they run, and what one of them does for all.") { Data };
        list.SetAction(async (parsed, cancellationToken) =>
        {
            var installation = await Installation.OpenAsync(parsed.Folder(Data), cancellationToken: cancellationToken);
            var nodes = await installation.Workflows.ListNodesAsync(cancellationToken);
            TextTable.Write(["node", "state", "address", "steps", "duties", "started", "seen"], nodes.Select(node => new[]
            {
                node.Name, node.IsAlive ? "alive" : "lost", node.Address, $"{node.RunningSteps} of {node.Parallelism}", string.Join(", ", node.Duties), Time(node.StartedAt), Time(node.SeenAt),
            }), "No node serves this database. Start one with 'workbench serve'.");
        });
        return new Command("node", "The hosts that share a database.") { list };
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
