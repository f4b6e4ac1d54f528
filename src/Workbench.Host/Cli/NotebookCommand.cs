using System.CommandLine;
using System.Text.Json.Nodes;
using Workbench.Host.Activities;
using Workbench.Notebooks.Promotion;
using Workbench.Notebooks.Running;

namespace Workbench.Host.Cli;

internal static class NotebookCommand
{
    private static readonly Argument<string> Notebook = new("notebook") { Description = "A notebook, such as notebooks/02-train.ipynb." };
    private static readonly Option<string[]> Parameters = new("-p")
    {
        Description = "Parameter: name and value; a value that is JSON is taken as such.", Arity = new ArgumentArity(2, 200), AllowMultipleArgumentsPerToken = true,
    };

    public static Command Create() => new("notebook", "Run notebooks headless, render them, make pipelines of them.") { Run(), NotebookReportCommands.Render(), NotebookReportCommands.Compare(), Promote() };

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

    private static Command Promote()
    {
        var to = new Option<string>("--to") { Description = "Definition file; one that is there is brought up to date and keeps its layout.", Required = true };
        var cron = new Option<string?>("--cron") { Description = "When to run by itself, as in \"0 2 * * *\"." };
        var zone = new Option<string?>("--timezone") { Description = "IANA time zone of --cron. Default: UTC." };
        var model = new Option<string?>("--model") { Description = "Model whose champion a new version must beat; adds the gate and the promotion." };
        var metric = new Option<string[]>("--on-alert") { Description = "Run when this rule fires." };
        var drift = new Option<double?>("--on-drift") { Description = "Run when this share (0 to 1) of the model's columns drifted." };
        var command = new Command("promote", "Make a pipeline of the cells tagged step:NAME.") { Notebook, to, cron, zone, model, metric, drift, Parameters };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(to)!;
            var triggers = (parsed.GetValue(metric) ?? []).Select(rule => new JsonObject { ["type"] = Monitoring.ReactionChannel.MetricTrigger, ["rule"] = rule }).ToList();
            if (parsed.GetValue(drift) is { } share)
                triggers.Add(new JsonObject
                {
                    ["type"] = Monitoring.DriftMonitor.DriftTrigger,
                    ["model"] = parsed.GetValue(model) ?? throw new CommandException("--on-drift needs --model: whose requests are watched."),
                    ["share"] = share,
                });
            if (parsed.GetValue(cron) is { } expression)
                Scheduling.CronSyntax.ToQuartz(expression);
            NotebookPromoter.PromoteToFile(parsed.GetValue(Notebook)!, path, new PromotionOptions
            {
                DefinitionId = Path.GetFileNameWithoutExtension(path), BaseDirectory = ProjectFolder.Current, Cron = parsed.GetValue(cron), TimeZone = parsed.GetValue(zone),
                ModelName = parsed.GetValue(model), Triggers = triggers, Defaults = NameValues.Parse(parsed.GetValue(Parameters) ?? []),
            });
            Console.WriteLine(path);
        });
        return command;
    }

    private sealed class CellLines : IProgress<NotebookProgress>
    {
        public void Report(NotebookProgress value) => Console.Error.WriteLine($"cell {value.CellsDone} of {value.CellsTotal}{(value.CurrentCell is { } cell ? ": " + cell.Split('\n')[0] : "")}");
    }
}
