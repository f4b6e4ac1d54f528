using System.CommandLine;

namespace Workbench.Host.Cli;

internal static class KernelCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("connection-file") { Description = "Connection file that the Jupyter client wrote." };
        var run = new Command("run", "Run the kernel for a Jupyter client.") { file };
        run.SetAction((result, cancellationToken) => Task.FromResult(0));
        return new Command("kernel", "Install the C# notebook kernel for Jupyter clients.") { run };
    }
}
