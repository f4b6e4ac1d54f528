using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Host.Triggers;

namespace Workbench.Host.Cli;

/// <summary>What starts runs. A host that serves the same data folder fires the triggers; looking and pausing need none.</summary>
internal static class TriggerCommand
{
    private static readonly Option<string?> Data = DataOption.Create();
    private static readonly Argument<string> Id = new("trigger") { Description = "Id of the trigger, such as churn-retrain:nightly; 'workbench trigger list' shows it." };

    public static Command Create() => new("trigger", "What starts runs of pipelines.") { List(), Show(), Pause(), Resume(), Fire() };

    private static Command List()
    {
        var workflow = new Option<string?>("--workflow") { Description = "Only triggers of this workflow." };
        var command = new Command("list", "All triggers of published workflows with their next moment.") { workflow, Data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var triggers = await (await DeskAsync(parsed.Folder(Data), cancellationToken)).ListAsync(parsed.GetValue(workflow), cancellationToken);
            TextTable.Write(["trigger", "workflow", "kind", "when", "next", "paused", "last run", "last"], triggers.Select(one => new[]
            {
                one.Id, $"{one.Workflow} v{one.Version}", one.Kind, one.When, Time(one.NextFireTimes.Count > 0 ? one.NextFireTimes[0] : null), one.IsPaused ? "yes" : "no",
                one.LastRunId ?? "", one.Failure is null ? Time(one.LastFiredAt) : $"failed {Time(one.FailedAt)}",
            }), "No trigger yet. Start activities such as Elsa.Cron and the entries of customProperties.triggers of a published workflow are listed here.");
        });
        return command;
    }

    private static Command Show()
    {
        var command = new Command("show", "One trigger: policies, next five fire times, what it last did.") { Id, Data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var desk = await DeskAsync(parsed.Folder(Data), cancellationToken);
            Write(await desk.FindAsync(parsed.GetValue(Id)!, cancellationToken) ?? throw await UnknownAsync(desk, parsed.GetValue(Id)!, cancellationToken));
        });
        return command;
    }

    private static Command Pause()
    {
        var command = new Command("pause", "Let a trigger start nothing until it is resumed.") { Id, Data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var trigger = await (await DeskAsync(parsed.Folder(Data), cancellationToken)).PauseAsync(parsed.GetValue(Id)!, Actor.Name, cancellationToken);
            Console.WriteLine($"{trigger.Id} is paused by {trigger.PausedBy} since {Time(trigger.PausedAt)}.");
        });
        return command;
    }

    private static Command Resume()
    {
        var command = new Command("resume", "Let a paused trigger start runs again.") { Id, Data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var trigger = await (await DeskAsync(parsed.Folder(Data), cancellationToken)).ResumeAsync(parsed.GetValue(Id)!, cancellationToken);
            Console.WriteLine($"{trigger.Id} starts runs again{(trigger.NextFireTimes.Count > 0 ? $", next at {Time(trigger.NextFireTimes[0])}" : "")}.");
        });
        return command;
    }

    private static Command Fire()
    {
        var inputs = new Option<string[]>("-p") { Description = "Input: name=value, or name and value; a value that is JSON is taken as such.", AllowMultipleArgumentsPerToken = true };
        var reason = new Option<string>("--reason") { Description = "Why; kept with the run.", DefaultValueFactory = _ => "by hand" };
        var command = new Command("fire", "Start a run now, whatever the trigger waits for and even while it is paused.") { Id, inputs, reason, Data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var desk = await DeskAsync(parsed.Folder(Data), cancellationToken);
            var values = new JsonObject(NameValues.Parse(Pairs(parsed.GetValue(inputs) ?? [])));
            var outcome = await desk.FireAsync(parsed.GetValue(Id)!, values, parsed.GetValue(reason)!, Actor.Name, cancellationToken);
            if (!outcome.IsStarted)
                throw new CommandException(outcome.Message);
            Console.WriteLine(outcome.RunId);
        });
        return command;
    }

    /// <summary>"name=value" as two words; a word without '=' is followed by its value.</summary>
    private static List<string> Pairs(IReadOnlyList<string> words)
    {
        List<string> pairs = [];
        foreach (var word in words)
            if (pairs.Count % 2 == 0 && word.Split('=', 2) is [{ Length: > 0 } name, var value])
                pairs.AddRange([name, value]);
            else
                pairs.Add(word);
        return pairs;
    }

    private static void Write(TriggerView trigger)
    {
        Console.WriteLine($"{trigger.Id}  {trigger.Kind}  {trigger.When}");
        Console.WriteLine($"workflow   {trigger.Workflow} v{trigger.Version}");
        Console.WriteLine($"policies   misfire {trigger.Misfire}, overlap {trigger.Overlap}, dedupe {trigger.Dedupe}");
        Console.WriteLine($"paused     {(trigger.IsPaused ? $"since {Time(trigger.PausedAt)} by {trigger.PausedBy}" : "no")}");
        foreach (var moment in trigger.NextFireTimes)
            Console.WriteLine($"next       {Time(moment)}");
        Console.WriteLine($"last run   {(trigger.LastRunId is null ? "none" : $"{trigger.LastRunId} at {Time(trigger.LastFiredAt)}: {trigger.LastReason}")}");
        if (trigger.SkippedCount > 0)
            Console.WriteLine($"skipped    {trigger.SkippedCount}, last at {Time(trigger.LastSkippedAt)}: {trigger.LastSkipReason}");
        if (trigger.Failure is not null)
            Console.WriteLine($"failed     at {Time(trigger.FailedAt)}: {trigger.Failure}");
        Console.WriteLine($"definition {trigger.Config.ToJsonString()}");
    }

    private static async Task<CommandException> UnknownAsync(TriggerDesk desk, string id, CancellationToken cancellationToken)
    {
        var known = (await desk.ListAsync(null, cancellationToken)).Select(trigger => trigger.Id).ToList();
        return new($"There is no trigger '{id}'.{Suggestion.DidYouMean(id, known)} Known: {(known.Count > 0 ? string.Join(", ", known) : "none")}.");
    }

    private static async Task<TriggerDesk> DeskAsync(DataFolder folder, CancellationToken cancellationToken) =>
        new((await Installation.OpenAsync(folder, cancellationToken: cancellationToken)).Engine);

    private static string Time(DateTimeOffset? moment) => moment?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";
}
