using System.CommandLine;
using Workbench.Data;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Rendering;

namespace Workbench.Host.Cli;

/// <summary>Pages for reviewers: one run, or two runs beside each other.</summary>
internal static class NotebookReportCommands
{
    private static readonly Option<string?> Title = new("--title") { Description = "Title of the page. Default: the notebook's first heading." };
    private static readonly Option<bool> ShowCode = new("--show-code") { Description = "Show the code without a click." };

    public static Command Render()
    {
        var notebook = new Argument<string>("notebook") { Description = "An executed notebook." };
        var output = new Argument<string?>("output") { Description = "HTML file; default: beside the notebook.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("render", "Make one HTML page of a notebook; it needs no network.") { notebook, output, Title, ShowCode };
        command.SetAction(parsed =>
        {
            var source = parsed.GetValue(notebook)!;
            var page = NotebookRenderer.Render(NotebookDocument.Load(source), new RenderOptions { Title = parsed.GetValue(Title), ShowCode = parsed.GetValue(ShowCode) });
            Write(parsed.GetValue(output) ?? Path.ChangeExtension(source, ".html"), page, source);
        });
        return command;
    }

    public static Command Compare()
    {
        var left = new Argument<string>("a") { Description = "An executed notebook." };
        var right = new Argument<string>("b") { Description = "Another run of it." };
        var output = new Argument<string?>("output") { Description = "HTML file; default: B's name with '.compare.html'.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("compare", "Show two runs of a notebook beside each other on one HTML page.") { left, right, output, Title };
        command.SetAction(parsed =>
        {
            string a = parsed.GetValue(left)!, b = parsed.GetValue(right)!;
            var page = NotebookComparison.Render(NotebookDocument.Load(a), NotebookDocument.Load(b), new ComparisonOptions { LeftName = a, RightName = b, Title = parsed.GetValue(Title) });
            Write(parsed.GetValue(output) ?? Path.ChangeExtension(b, ".compare.html"), page, a, b);
        });
        return command;
    }

    private static void Write(string target, string page, params string[] sources)
    {
        var full = Path.GetFullPath(target);
        if (Directory.Exists(full))
            throw new CommandException($"'{target}' is a folder. Name an HTML file in it, such as {Path.Combine(target, "report.html")}.");
        if (sources.Any(source => Path.GetFullPath(source) == full))
            throw new CommandException($"The page would overwrite the notebook '{target}'. Name another output, such as {Path.ChangeExtension(target, ".html")}.");
        AtomicFile.WriteAllText(full, page);
        Console.WriteLine(target);
    }
}
