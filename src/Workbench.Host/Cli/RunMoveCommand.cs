using System.CommandLine;

namespace Workbench.Host.Cli;

/// <summary>Pins runs to another version of their workflow.</summary>
internal static class RunMoveCommand
{
    public static Command Create()
    {
        var data = DataOption.Create();
        var run = new Argument<string>("run") { Description = "Id of the run; with --all, of the workflow." };
        var version = new Option<int>("--version", "-v") { Description = "Number of the version; 'workbench workflow diff' shows what it changes.", Required = true };
        var all = new Option<bool>("--all") { Description = "All runs of the workflow that go on." };
        var command = new Command("move", "Pin a run to another version of its workflow, for example a mended one.") { run, version, all, data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var installation = await Installation.OpenAsync(parsed.Folder(data), cancellationToken: cancellationToken);
            var (id, to) = (parsed.GetValue(run)!, parsed.GetValue(version));
            if (!parsed.GetValue(all))
            {
                var moved = await installation.Engine.MoveRunAsync(id, to, Actor.Name, cancellationToken);
                Console.WriteLine($"Run {id} goes on with v{moved.ToVersion}; it had v{moved.FromVersion}.");
                return ExitCode.Done;
            }
            var results = await installation.Engine.MoveRunsAsync(id, to, Actor.Name, cancellationToken);
            TextTable.Write(["run", "from", "to", "result"],
                results.Select(one => new[] { one.RunId, $"v{one.FromVersion}", $"v{one.ToVersion}", one.Refusal ?? "moved" }), $"No run of '{id}' goes on with another version.");
            return results.All(one => one.IsMoved) ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }
}
