using System.CommandLine;
using Spectre.Console;
using Workbench.Host.Demo;

namespace Workbench.Host.Cli;

internal static class DemoCommand
{
    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = "New or empty folder for what the demo keeps. Default: a new one below .workbench/demo.", HelpName = "DIR" };
        var serve = new Option<bool>("--serve") { Description = "Keep the host up at the end." };
        var port = new Option<int?>("--port") { Description = "Port of the host. Default: 8080 with --serve, else a free one." };
        var json = new Option<bool>("--json") { Description = "One JSON object a line instead of text." };
        var command = new Command("demo", "One model's whole life on the sample data: train, promote, gate, serve, drift, alert, retrain, roll back.") { data, serve, port, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            bool keepUp = parsed.GetValue(serve);
            var options = new DemoOptions
            {
                ProjectFolder = ProjectFolder(),
                DataFolder = Path.GetFullPath(parsed.GetValue(data) ?? NextFolder()),
                Serve = keepUp,
                Port = parsed.GetValue(port) ?? (keepUp ? 8080 : 0),
            };
            IDemoOutput output = parsed.GetValue(json) ? new JsonDemoOutput(Console.Out) : new ConsoleDemoOutput(AnsiConsole.Console);
            return await new DemoRun(options, output).RunAsync(cancellationToken);
        });
        return command;
    }

    // The checkout holds notebooks and sample data; the program runs from it or from a folder below it.
    private static string ProjectFolder()
    {
        foreach (var start in (string[])[Directory.GetCurrentDirectory(), AppContext.BaseDirectory])
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
                if (File.Exists(Path.Combine(folder.FullName, "notebooks", "02-train.ipynb")))
                    return folder.FullName;
        throw new CommandException("The demo needs the checkout's notebooks/02-train.ipynb and data/samples. Run it from the checkout.");
    }

    private static string NextFolder()
    {
        var root = Path.Combine(".workbench", "demo");
        int number = 1;
        while (Directory.Exists(Path.Combine(root, $"{number:D3}")))
            number++;
        return Path.Combine(root, $"{number:D3}");
    }
}
