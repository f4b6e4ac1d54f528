using System.CommandLine;
using System.CommandLine.Parsing;
using Workbench.Workflows.Storage;

namespace Workbench.Host.Cli;

/// <summary>What steps have written: one step's log, or lines of all.</summary>
internal static class RunLogsCommand
{
    private static readonly Option<string?> Data = DataOption.Create();
    private static readonly Argument<string?> Run = new("run") { Description = "Id of the run.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Argument<string?> Step = new("step") { Description = "Id of the step; 'workbench run show' lists them.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<int?> Attempt = new("--attempt") { Description = "Which attempt. Default: the last." };
    private static readonly Option<bool> Follow = new("--follow") { Description = "Go on until the step has ended." };
    private static readonly Option<string?> Search = new("--search") { Description = "Find lines that hold the text, whatever its case, in the logs of all runs, or of one.", HelpName = "TEXT" };
    private static readonly Option<string?> Workflow = new("--workflow") { Description = "Search only runs of this workflow." };
    private static readonly Option<string?> Since = new("--since") { Description = "Search only what was written since then: a time in UTC, or how long ago, such as 12h or 7d." };
    private static readonly Option<int> Take = new("--take") { Description = "At most so many lines.", DefaultValueFactory = _ => 100 };

    public static Command Create()
    {
        var command = new Command("logs", "What a step has written, wherever it ran; or a search over all that steps have written.") { Run, Step, Attempt, Follow, Search, Workflow, Since, Take, Data };
        command.Validators.Add(Validate);
        command.SetAction((parsed, cancellationToken) => parsed.GetValue(Search) is { } text ? SearchAsync(parsed, text, cancellationToken) : ShowAsync(parsed, cancellationToken));
        return command;
    }

    private static void Validate(CommandResult result)
    {
        var search = result.GetValue(Search);
        if (search is null && result.GetValue(Step) is null)
            result.AddError("Name a run and a step, or give --search TEXT.");
        if (search is { Length: 0 })
            result.AddError("--search is empty. Give it a text.");
        if (search is null && (result.GetValue(Workflow) ?? result.GetValue(Since)) is not null)
            result.AddError("--workflow and --since belong to --search.");
    }

    private static async Task ShowAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var installation = await Installation.OpenAsync(parsed.Folder(Data), cancellationToken: cancellationToken);
        var (run, id, which, goesOn) = (parsed.GetValue(Run)!, parsed.GetValue(Step)!, parsed.GetValue(Attempt), parsed.GetValue(Follow));
        for (long offset = 0; ;)
        {
            var log = await installation.Workflows.ReadLogAsync(run, id, which, offset, cancellationToken)
                ?? throw new CommandException($"Run '{run}' has no step '{id}'{(which is { } number ? $" with an attempt {number}" : "")}. 'workbench run show {run}' lists its steps.");
            if (log.Offset > offset)
                Console.WriteLine($"[{log.Offset - offset} characters are left out here: the database keeps both ends of a long log.]");
            Console.Write(log.Text);
            bool isNew = log.NextOffset > offset;
            offset = log.NextOffset;
            if (log.IsComplete || (!isNew && !goesOn))
                return;
            if (!isNew)
                await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        }
    }

    private static async Task SearchAsync(ParseResult parsed, string text, CancellationToken cancellationToken)
    {
        var since = parsed.GetValue(Since) is { } given ? Moment(given) : (DateTimeOffset?)null;
        var installation = await Installation.OpenAsync(parsed.Folder(Data), cancellationToken: cancellationToken);
        var filter = new LogFilter { DefinitionId = parsed.GetValue(Workflow), RunId = parsed.GetValue(Run), Since = since, Take = Math.Clamp(parsed.GetValue(Take), 1, 100_000) };
        var hits = await installation.Workflows.SearchLogsAsync(text, filter, cancellationToken);
        foreach (var hit in hits)
            Console.WriteLine($"{hit.RunId} {hit.StepId}#{hit.Attempt} {hit.Timestamp.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z: {hit.Line}");
        if (hits.Count == 0)
            Console.Error.WriteLine("No line holds it.");
        else if (hits.Count == filter.Take)
            Console.Error.WriteLine($"These are the first {filter.Take} lines; --take shows more.");
    }

    // What a step writes carries the system's time, whatever the business time.
    private static DateTimeOffset Moment(string text) =>
        DurationText.Parse(text) is { } ago ? TimeProvider.System.GetUtcNow() - ago
        : UtcTime.TryParse(text, null, out var time) ? time.Value
        : throw new CommandException($"--since '{text}' is neither a time nor how long ago. Give {UtcTime.Allowed}, or a number with m, h or d such as 7d.");
}
