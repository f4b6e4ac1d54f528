using System.CommandLine;
using Workbench.Host.Activities;
using Workbench.Notebooks.Kernel;

namespace Workbench.Host.Cli;

internal static class KernelCommand
{
    private static readonly Option<string?> Folder = new("--folder") { Description = "A Jupyter 'kernels' folder. Default: the user's.", HelpName = "DIR" };

    public static Command Create() => new("kernel", "Install the C# notebook kernel for VS Code, JupyterLab, nbclient and papermill.") { Install(), Uninstall(), Run() };

    private static Command Install()
    {
        var command = new Command("install", "Make the kernel known to Jupyter clients.") { Folder };
        command.SetAction(parsed => Console.WriteLine($"Installed {KernelSpec.Install(NotebookCells.KernelCommand, parsed.GetValue(Folder))}"));
        return command;
    }

    private static Command Uninstall()
    {
        var command = new Command("uninstall", "Remove the kernel.") { Folder };
        command.SetAction(parsed => Console.WriteLine(KernelSpec.Uninstall(parsed.GetValue(Folder)) ? "Removed." : "It was not installed."));
        return command;
    }

    private static Command Run()
    {
        var file = new Argument<string>("connection-file") { Description = "Connection file that the Jupyter client wrote." };
        var command = new Command("run", "Run the kernel for a Jupyter client; clients start it by themselves.") { file };
        command.SetAction((parsed, cancellationToken) => KernelProcess.RunAsync(parsed.GetValue(file)!, SelfCommand.Prefix, cancellationToken));
        return command;
    }
}
