using System.Diagnostics;
using System.Text.Json.Nodes;
using Workbench.Registry;
using Workbench.Workflows;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Activities;

/// <summary>Runs a program that the installation allows.</summary>
internal sealed class RunCommand(ModelRegistry registry) : StepActivity<RunCommandOptions>
{
    public const string Type = "Workbench.RunCommand";
    private const int LongestOutput = 64 * 1024;

    protected override async Task<StepResult> RunAsync(RunCommandOptions options, StepContext step, CancellationToken cancellationToken)
    {
        var allowed = AllowedCommands.Read(registry.Folder).Find(options.Command, options.Arguments);
        var output = new Queue<string>();
        using var process = Start(allowed, options.Arguments, step);
        var reading = Task.WhenAll(ReadAsync(process.StandardOutput, output), ReadAsync(process.StandardError, output));
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        await reading;
        var printed = string.Join('\n', output);
        if (process.ExitCode != 0)
            throw new WorkflowException($"The command '{options.Command}' ended with exit code {process.ExitCode}: {printed[Math.Max(0, printed.Length - 1000)..]}");
        return new() { Outputs = new JsonObject { ["output"] = printed, ["exitCode"] = 0 }, Message = output.LastOrDefault() ?? "It printed nothing." };
    }

    private static Process Start(AllowedCommand command, IReadOnlyList<string> arguments, StepContext step)
    {
        var start = new ProcessStartInfo(command.Program, [.. command.Arguments, .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = command.WorkingFolder ?? Directory.GetCurrentDirectory(),
        };
        start.Environment["WORKBENCH_STEP_KEY"] = step.Key;
        try
        {
            var process = Process.Start(start)!; // UseShellExecute is off, so there is a process.
            process.StandardInput.Close();
            return process;
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            throw new WorkflowException($"The command '{command.Name}' cannot start '{command.Program}': {failure.Message}. Correct the program in commands.json.", failure);
        }
    }

    // The step's log file is this process's standard output.
    private static async Task ReadAsync(StreamReader reader, Queue<string> output)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            Console.WriteLine(line);
            lock (output)
            {
                output.Enqueue(line);
                while (output.Sum(kept => kept.Length + 1) > LongestOutput)
                    output.Dequeue();
            }
        }
    }
}
