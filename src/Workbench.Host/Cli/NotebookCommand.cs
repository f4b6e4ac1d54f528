using System.CommandLine;
using Workbench.Host.Activities;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Rendering;
using Workbench.Notebooks.Running;

namespace Workbench.Host.Cli;

internal static class NotebookCommand
{
    private static readonly Argument<string> Notebook = new("notebook") { Description = "A notebook, such as notebooks/02-train.ipynb." };
    private static readonly Option<string[]> Parameters = new("-p")
    {
        Description = "Parameter: name and value; a value that is JSON is taken as such.", Arity = new ArgumentArity(2, 200), AllowMultipleArgumentsPerToken = true,
    };

    public static Command Create() => new("notebook", "Run notebooks headless, render them, make pipelines of them.") { Run(), Render(), NotebookPromoteCommand.Create() };

    private static Command Run()
    {
        var output = new Argument<string>("output") { Description = "Where the executed notebook goes; it is written after each cell." };
        var data = DataOption.Create();
        var command = new Command("run", "Run every cell; exits with 1 when one fails.") { Notebook, output, Parameters, data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            parsed.Folder(data);
            var result = await NotebookCells.RunAsync(parsed.GetValue(Notebook)!, parsed.GetValue(output)!, NameValues.Parse(parsed.GetValue(Parameters) ?? []), new CellLines(), cancellationToken);
            Console.WriteLine(result.Succeeded ? $"Done in {result.Duration.TotalSeconds:F1} s: {result.OutputPath}" : $"Failed: {result.Error!.Message} The notebook with its error is at {result.OutputPath}.");
            return result.Succeeded ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static Command Render()
    {
        var output = new Argument<string?>("output") { Description = "HTML file; default: beside the notebook.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("render", "Make one HTML page of a notebook; it needs no network.") { Notebook, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var source = parsed.GetValue(Notebook)!;
            var target = parsed.GetValue(output) ?? Path.ChangeExtension(source, ".html");
            await File.WriteAllTextAsync(target, NotebookRenderer.Render(NotebookDocument.Load(source)), cancellationToken);
            Console.WriteLine(target);
        });
        return command;
    }

    private sealed class CellLines : IProgress<NotebookProgress>
    {
        public void Report(NotebookProgress value) => Console.Error.WriteLine($"cell {value.CellsDone} of {value.CellsTotal}{(value.CurrentCell is { } cell ? ": " + cell.Split('\n')[0] : "")}");
    }
}
