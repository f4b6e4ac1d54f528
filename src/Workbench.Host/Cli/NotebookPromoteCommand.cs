using System.CommandLine;
using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Host.Triggers;
using Workbench.Notebooks.Promotion;

namespace Workbench.Host.Cli;

/// <summary>Makes a pipeline of a notebook, brings it up to date, or says what changed since.</summary>
internal static class NotebookPromoteCommand
{
    private static readonly Argument<string> Notebook = new("notebook") { Description = "A notebook whose cells are tagged step:NAME, such as notebooks/02-train.ipynb." };
    private static readonly Option<string> To = new("--to") { Description = "Definition file; one that is there is brought up to date and keeps what was drawn and edited in the designer.", Required = true };
    private static readonly Option<string?> Cron = new("--cron") { Description = "When to run by itself, as in \"0 2 * * *\"." };
    private static readonly Option<string?> Zone = new("--timezone") { Description = "IANA time zone of --cron. Default: UTC." };
    private static readonly Option<string?> Model = new("--model") { Description = "Model whose champion a new version must beat; adds the gate and the promotion." };
    private static readonly Option<string[]> Rules = new("--on-alert") { Description = "Run when this rule fires." };
    private static readonly Option<double?> Drift = new("--on-drift") { Description = "Run when this share (0 to 1) of the model's columns drifted." };
    private static readonly Option<bool> Check = new("--check") { Description = "Only say which steps changed since the promotion, with a diff of their cells; exits with 1 when one did." };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Only say what would be written." };
    private static readonly Option<string[]> Parameters = new("-p")
    {
        Description = "Default of a workflow input: name and value; a value that is JSON is taken as such.", Arity = new ArgumentArity(2, 200), AllowMultipleArgumentsPerToken = true,
    };

    public static Command Create()
    {
        var command = new Command("promote", "Make a pipeline of the cells tagged step:NAME. Options that are left out are as in the last promotion.")
        {
            Notebook, To, Cron, Zone, Model, Rules, Drift, Parameters, Check, DryRun,
        };
        command.SetAction(parsed => parsed.GetValue(Check) ? ReportChanges(parsed.GetValue(Notebook)!, parsed.GetValue(To)!) : Promote(parsed));
        return command;
    }

    private static int ReportChanges(string notebook, string workflow)
    {
        if (!File.Exists(workflow))
            throw new CommandException($"There is no workflow '{workflow}' to check against. Promote the notebook first: workbench notebook promote {notebook} --to {workflow}");
        var changes = NotebookPromoter.Check(notebook, workflow);
        foreach (var change in changes)
        {
            Console.WriteLine($"step {change.Step}: {change.What}");
            Console.Write(change.Diff);
        }
        Console.WriteLine(changes.Count == 0
            ? $"{workflow}: no step changed since it was promoted from {notebook}."
            : $"{workflow}: {changes.Count} {(changes.Count == 1 ? "step" : "steps")} changed: {string.Join(", ", changes.Select(change => change.Step))}. Promote again and publish to run them.");
        return changes.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static int Promote(ParseResult parsed)
    {
        var (notebook, path, write) = (parsed.GetValue(Notebook)!, parsed.GetValue(To)!, !parsed.GetValue(DryRun));
        if (parsed.GetValue(Cron) is { } expression)
            Workflows.Expressions.CronSchedule.Parse(expression);
        if (parsed.GetValue(Zone) is { } zone)
            RequireZone(zone);
        bool existed = File.Exists(path);
        var promoted = NotebookPromoter.PromoteToFile(notebook, path, new PromotionOptions
        {
            DefinitionId = Path.GetFileNameWithoutExtension(path), BaseDirectory = ProjectFolder.Current, Cron = parsed.GetValue(Cron), TimeZone = parsed.GetValue(Zone),
            ModelName = parsed.GetValue(Model), Triggers = Triggers(parsed), Defaults = NameValues.Parse(parsed.GetValue(Parameters) ?? []),
        }, write);
        foreach (var warning in promoted.Warnings)
            Console.Error.WriteLine($"Warning: {warning}");
        Report(promoted, existed, write, path);
        return ExitCode.Done;
    }

    private static void Report(PromotedWorkflow promoted, bool existed, bool write, string path)
    {
        bool changed = promoted.Added.Count + promoted.Updated.Count + promoted.Removed.Count > 0;
        var what = (existed, changed) switch { (false, _) => "promoted from", (true, true) => "brought up to date with", _ => "is up to date with" };
        Console.WriteLine($"{path}: {(write ? "" : "would be ")}{what} {promoted.Notebook}");
        foreach (var (label, items) in new[] { ("added", promoted.Added), ("updated", promoted.Updated), ("removed", promoted.Removed), ("kept", promoted.Kept) })
            if (items.Count > 0)
                Console.WriteLine($"  {label + ":",-9} {string.Join(", ", items)}");
    }

    private static List<JsonObject> Triggers(ParseResult parsed)
    {
        var triggers = (parsed.GetValue(Rules) ?? []).Select(rule => new JsonObject { ["type"] = TriggerKinds.Metric, ["rule"] = rule }).ToList();
        if (parsed.GetValue(Drift) is not { } share)
            return triggers;
        if (share is not (> 0 and <= 1))
            throw new CommandException($"--on-drift is {share}; allowed are shares above 0, up to 1.");
        triggers.Add(new JsonObject
        {
            ["type"] = TriggerKinds.Drift,
            ["model"] = parsed.GetValue(Model) ?? throw new CommandException("--on-drift needs --model: whose requests are watched."),
            ["share"] = share,
        });
        return triggers;
    }

    private static void RequireZone(string zone)
    {
        if (TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            return;
        throw new CommandException($"This machine knows no time zone '{zone}'.{Suggestion.DidYouMean(zone, TimeZoneInfo.GetSystemTimeZones().Select(known => known.Id))} Use an IANA name such as Europe/Berlin, or UTC.");
    }
}
