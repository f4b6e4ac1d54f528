using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Workflows.Runtime;
using Workbench.Workflows.Storage;

namespace Workbench.Host.Cli;

/// <summary>Runs of pipelines. A run that is started here is worked on by the host that serves the same data folder.</summary>
internal static class RunCommand
{
    private static readonly Option<string?> Data = DataOption.Create();
    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly Argument<string> Run = new("run") { Description = "Id of the run." };

    public static Command Create() => new("run", "Runs of pipelines.") { Start(), List(), Show(), RunLogsCommand.Create(), Retry(), RunMoveCommand.Create(), Cancel() };

    private static Command Start()
    {
        var workflow = new Argument<string>("workflow") { Description = "Name of the workflow." };
        var inputs = new Option<string[]>("-p") { Description = "Input: name and value; a value that is JSON is taken as such.", Arity = new ArgumentArity(2, 2), AllowMultipleArgumentsPerToken = true };
        var reason = new Option<string>("--reason") { Description = "Why; kept with the run.", DefaultValueFactory = _ => "by hand" };
        var command = new Command("start", "Start a run of a published workflow.") { workflow, inputs, reason, Data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var installation = await Installation.OpenAsync(parsed.Folder(Data), cancellationToken: cancellationToken);
            var values = new JsonObject(NameValues.Parse(parsed.GetValue(inputs) ?? []));
            var id = await installation.Engine.StartRunAsync(parsed.GetValue(workflow)!, values, new StartRequest(parsed.GetValue(reason)!, Actor.Name), cancellationToken);
            Console.WriteLine(id);
        });
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "The latest runs.") { Data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var installation = await Installation.OpenAsync(parsed.Folder(Data), cancellationToken: cancellationToken);
            var runs = await installation.Workflows.ListRunsAsync(new RunFilter { Take = 50 }, cancellationToken);
            TextTable.Write(["run", "workflow", "state", "started", "why"],
                runs.Select(run => new[] { run.Id, $"{run.DefinitionId} v{run.Version}", run.SubStatus.ToString(), $"{run.CreatedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z", run.Reason }), "No run yet.");
        });
        return command;
    }

    private static Command Show()
    {
        var command = new Command("show", "One run with its steps and journal.") { Run, Data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var installation = await Installation.OpenAsync(parsed.Folder(Data), cancellationToken: cancellationToken);
            var id = parsed.GetValue(Run)!;
            var run = await installation.Workflows.GetRunAsync(id, cancellationToken) ?? throw new CommandException($"There is no run '{id}'. 'workbench run list' shows the latest.");
            Console.WriteLine($"{run.DefinitionId} v{run.Version}  {run.SubStatus}  {run.Reason}  {JsonSerializer.Serialize(run.Inputs)}");
            if (run.TriggerId is { } trigger)
                Console.WriteLine($"Trigger: {trigger}{(run.TriggerPayload is { } payload ? $"  {payload.ToJsonString(Readable)}" : "")}");
            TextTable.Write(["step", "activity", "state", "attempt", "node", "outcome", "message"],
                run.Steps.Select(step => new[] { step.StepId, step.ActivityName, step.Status.ToString(), $"{step.Attempt}", step.Node ?? "", step.Outcome ?? "", step.Message ?? step.Error ?? "" }), "No step yet.");
        });
        return command;
    }

    private static Command Retry()
    {
        var step = new Argument<string?>("step") { Description = "Id of an ended step, failed or not: it and what follows it run again. Default: all that failed.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("retry", "Run failed steps again, inside the same run.") { Run, step, Data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var installation = await Installation.OpenAsync(parsed.Folder(Data), cancellationToken: cancellationToken);
            var run = parsed.GetValue(Run)!;
            await (parsed.GetValue(step) is { } one
                ? installation.Engine.RetryStepAsync(run, one, Actor.Name, cancellationToken)
                : installation.Engine.RetryRunAsync(run, Actor.Name, cancellationToken));
            Console.WriteLine($"Run {run} goes on.");
        });
        return command;
    }

    private static Command Cancel()
    {
        var reason = new Option<string>("--reason") { Description = "Why.", DefaultValueFactory = _ => "by hand" };
        var command = new Command("cancel", "Stop a run; its running steps are ended.") { Run, reason, Data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var installation = await Installation.OpenAsync(parsed.Folder(Data), cancellationToken: cancellationToken);
            bool running = await installation.Engine.CancelRunAsync(parsed.GetValue(Run)!, parsed.GetValue(reason)!, Actor.Name, cancellationToken);
            Console.WriteLine(running ? "Cancelling." : "It had ended already.");
        });
        return command;
    }
}
