using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Host.Activities;
using Workbench.Host.Activities.Tuning;
using Workbench.Registry;
using Workbench.Training.Tuning;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Cli;

/// <summary>What can be done with a study by its name.</summary>
internal static class TuneStudyCommands
{
    private static readonly Argument<string> Name = new("study") { Description = "Name of the study." };
    private static readonly Option<string?> Html = new("--html") { Description = "Write a report with charts to this file.", HelpName = "FILE" };
    private static readonly Option<string?> Data = DataOption.Create();

    public static Command List()
    {
        var command = new Command("list", "All studies, the newest first.") { Data };
        command.SetAction(async (parsed, cancellationToken) => TextTable.Write(
            ["study", "best", "direction", "completed", "pruned", "failed", "under way", "begun"],
            (await Study.ListAsync(parsed.Folder(Data), cancellationToken)).Select(study => new[]
            {
                study.Name, study.BestValue?.ToString("G6", CultureInfo.InvariantCulture) ?? "none", study.Direction.ToString().ToLowerInvariant(),
                Text(study.Completed), Text(study.Pruned), Text(study.Failed), Text(study.Running), study.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            }), "No study yet. Begin one with 'workbench tune DATA --label COLUMN'."));
        return command;
    }

    public static Command Show()
    {
        var command = new Command("show", "The trials of a study, its best parameters and what mattered.") { Name, Html, Data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var study = await Study.LoadAsync(parsed.Folder(Data), parsed.GetValue(Name)!, cancellationToken);
            TextTable.Write(["trial", "state", "value", "steps", "attempt", "seconds", "parameters", "error"], (await study.TrialsAsync(cancellationToken)).Select(trial => new[]
            {
                Text(trial.Number), trial.State.ToString().ToLowerInvariant(), trial.Value?.ToString("G6", CultureInfo.InvariantCulture) ?? "none", Text(trial.Steps.Count), Text(trial.Attempt),
                (trial.EndedAt - trial.StartedAt)?.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture) ?? "", trial.ToString(), trial.Error ?? "",
            }), "No trial yet.");
            await TuneOutput.PrintAsync(study, parsed.GetValue(Html), cancellationToken);
        });
        return command;
    }

    public static Command Train()
    {
        var model = new Option<string>("--model") { Description = "Name of the model that is registered.", Required = true, HelpName = "NAME" };
        var command = new Command("train", "Train a tabular model with the best parameters of a study, and register it.") { Name, model, Data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var registry = ModelRegistry.Open(parsed.Folder(Data));
            var study = await Study.LoadAsync(registry.Folder, parsed.GetValue(Name)!, cancellationToken);
            var task = TuneTask.Of(study);
            if (task.Kind != TuneKind.Table)
                throw new CommandException($"The study '{study.Options.Name}' tunes the notebook {task.Source}. 'workbench tune show' has the command that runs it with its best parameters.");
            var best = await study.BestAsync(cancellationToken) ?? throw new CommandException($"No trial of the study '{study.Options.Name}' has a value yet.");
            var inputs = task.With(best.Parameters);
            (inputs["modelName"], inputs["experiment"]) = (parsed.GetValue(model), task.Experiment);
            var result = await StepActivities.Create(registry).Find(TrainModel.Type).ExecuteAsync(Step(study, best, parsed.GetValue(model)!, inputs), cancellationToken);
            Console.WriteLine(result.Message);
        });
        return command;
    }

    public static Command Work()
    {
        var trials = TuneCommand.Number("--trials", 40, 1, 1_000_000, "Trials of the whole study.");
        var supervised = new Option<bool>("--until-input-ends") { Description = "Stop when the standard input ends.", Hidden = true };
        var command = new Command("work", "Work on a study that another process began, as from another host with the same database.") { Name, trials, supervised, Data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (parsed.GetValue(supervised))
                _ = WorkerProcess.StopWithInputAsync(stop);
            await TuneWorker.RunAsync(ModelRegistry.Open(parsed.Folder(Data)), parsed.GetValue(Name)!, parsed.GetValue(trials), stop.Token);
        });
        return command;
    }

    // One version a model for each best trial, however often the command is given.
    private static StepContext Step(Study study, Trial best, string model, JsonObject inputs) => new()
    {
        RunId = $"study {study.Options.Name}", StepId = string.Create(CultureInfo.InvariantCulture, $"trial {best.Number} {model}"), DefinitionId = "tune", Version = 1,
        ActivityId = "train", ActivityName = "train", ActivityType = TrainModel.Type, Attempt = 1, Inputs = inputs, WorkflowInputs = [], Reason = "workbench tune train", Actor = Actor.Name,
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
