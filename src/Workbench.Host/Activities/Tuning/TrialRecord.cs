using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Registry;
using Workbench.Training.Tuning;

namespace Workbench.Host.Activities.Tuning;

/// <summary>The run of an experiment that a trial keeps. The trial notes its id, so that the run of a worker that died is closed by the next.</summary>
internal sealed class TrialRecord(ModelRegistry registry, RunId id)
{
    public RunId Id => id;

    public static async Task<TrialRecord> StartAsync(ModelRegistry registry, string study, string experiment, ActiveTrial trial, JsonObject parameters, CancellationToken cancellationToken)
    {
        await CloseEarlierAsync(registry, trial, cancellationToken);
        var name = string.Create(CultureInfo.InvariantCulture, $"{study} trial {trial.Number}{(trial.Attempt > 1 ? $" attempt {trial.Attempt}" : "")}");
        var record = new TrialRecord(registry, (await registry.StartRunAsync(experiment, name, Tags(study, trial), cancellationToken)).Id);
        await trial.NoteAsync(record.Id.Value, cancellationToken);
        foreach (var (parameter, value) in parameters)
            await registry.LogParameterAsync(record.Id, parameter, value is JsonValue scalar && scalar.TryGetValue(out string? text) ? text : value?.ToJsonString() ?? "null", cancellationToken);
        return record;
    }

    /// <summary>What tells the run of a trial from others.</summary>
    public static Dictionary<string, string> Tags(string study, ActiveTrial trial) => new()
    {
        ["workbench.study"] = study, ["workbench.trial"] = trial.Number.ToString(CultureInfo.InvariantCulture),
        ["workbench.attempt"] = trial.Attempt.ToString(CultureInfo.InvariantCulture), ["workbench.worker"] = trial.Worker,
    };

    /// <summary>Ends the run of the attempt before, whose worker died or stopped.</summary>
    public static async Task CloseEarlierAsync(ModelRegistry registry, ActiveTrial trial, CancellationToken cancellationToken)
    {
        if (trial.EarlierNote is not { } earlier || (await registry.GetRunAsync(new RunId(earlier), cancellationToken)).Status != RunStatus.Running)
            return;
        await registry.SetTagAsync(new RunId(earlier), RunTags.Error, "Its worker ended without saying so; the trial was tried again.", cancellationToken);
        await registry.EndRunAsync(new RunId(earlier), RunStatus.Killed, cancellationToken);
    }

    public Task LogAsync(string metric, double value, long step = 0) => registry.LogMetricAsync(id, metric, value, step);

    public async Task EndAsync(RunStatus status, string? error = null)
    {
        if (error is not null)
            await registry.SetTagAsync(id, RunTags.Error, error);
        await registry.EndRunAsync(id, status);
    }
}
