using System.CommandLine;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Rendering;

namespace Workbench.Host.Cli;

internal static class NotebookCommand
{
    private static readonly Argument<string> Notebook = new("notebook") { Description = "A notebook, such as notebooks/02-train.ipynb." };
    private static readonly Option<string[]> Parameters = new("-p")
    {
        Description = "Parameter: name and value; a value that is JSON is taken as such.", Arity = new ArgumentArity(2, 200), AllowMultipleArgumentsPerToken = true,
    };

    public static Command Create() => new("notebook", "Run notebooks headless, render them, make pipelines of them.") { NotebookRunCommand.Create(), NotebookInspectCommand.Create(), Render(), NotebookPromoteCommand.Create(), NotebookConvertCommand.Create() };

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
}
