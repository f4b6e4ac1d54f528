using System.Globalization;
using Workbench.Registry;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Activities;

/// <summary>The run of an experiment that a training step keeps. An attempt that died leaves one that is at work; the next attempt closes it, or takes its version.</summary>
internal sealed class TrainingRun(ModelRegistry registry, RunId id)
{
    private const string StepTag = "workbench.step";
    private const string ErrorTag = "workbench.error";
    private const string Died = "Its process ended without saying so.";
    private const int RunsSearched = 1000;

    public RunId Id => id;

    public static async Task<TrainingRun> StartAsync(ModelRegistry registry, string experiment, StepContext step, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken)
    {
        var tags = new Dictionary<string, string>
        {
            [StepTag] = step.Key, ["workbench.workflow"] = string.Create(CultureInfo.InvariantCulture, $"{step.DefinitionId} v{step.Version}"), ["workbench.reason"] = step.Reason,
        };
        return await StartAsync(registry, experiment, $"{step.ActivityName} {step.RunId}", tags, parameters, cancellationToken);
    }

    /// <summary>A run of no step.</summary>
    public static async Task<TrainingRun> StartAsync(
        ModelRegistry registry, string experiment, string title, IReadOnlyDictionary<string, string> tags, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken)
    {
        var run = new TrainingRun(registry, (await registry.StartRunAsync(experiment, title, tags, cancellationToken)).Id);
        foreach (var (name, value) in parameters)
            await registry.LogParameterAsync(run.Id, name, value, cancellationToken);
        return run;
    }

    /// <summary>The run that an earlier attempt at the step has finished, or null; runs that such attempts left at work are ended.</summary>
    public static async Task<RunId?> FindFinishedAsync(ModelRegistry registry, string experiment, StepContext step, CancellationToken cancellationToken)
    {
        await registry.GetOrCreateExperimentAsync(experiment, cancellationToken);
        var runs = await OfStepAsync(registry, experiment, step, cancellationToken);
        foreach (var run in runs.Where(run => run.Status == RunStatus.Running))
            await new TrainingRun(registry, run.Id).EndAsync(RunStatus.Killed, Died);
        return runs.Find(run => run.Status == RunStatus.Finished)?.Id;
    }

    /// <summary>The version that an earlier attempt at the step has registered, or null; runs that such attempts left at work are ended.</summary>
    public static async Task<ModelVersion?> FindAsync(ModelRegistry registry, string experiment, string model, StepContext step, CancellationToken cancellationToken)
    {
        await registry.GetOrCreateExperimentAsync(experiment, cancellationToken);
        var runs = await OfStepAsync(registry, experiment, step, cancellationToken);
        var isKnown = (await registry.ListModelsAsync(cancellationToken)).Any(known => known.Name == model);
        var version = runs.Count == 0 || !isKnown ? null
            : (await registry.ListVersionsAsync(model, cancellationToken)).FirstOrDefault(version => runs.Any(run => run.Id == version.RunId));
        foreach (var run in runs.Where(run => run.Status == RunStatus.Running))
            await new TrainingRun(registry, run.Id).EndAsync(run.Id == version?.RunId ? RunStatus.Finished : RunStatus.Killed, run.Id == version?.RunId ? null : Died);
        return version;
    }

    /// <summary>Does the work of the run; it ends with it, whatever the end.</summary>
    public async Task<T> EndWithAsync<T>(Func<Task<T>> work)
    {
        try
        {
            var result = await work();
            await EndAsync(RunStatus.Finished);
            return result;
        }
        catch (Exception failure) // The edge of the run.
        {
            await EndAsync(failure is OperationCanceledException ? RunStatus.Killed : RunStatus.Failed, failure.Message);
            throw;
        }
    }

    public async Task EndAsync(RunStatus status, string? error = null)
    {
        if (error is not null)
            await registry.SetTagAsync(id, ErrorTag, error);
        await registry.EndRunAsync(id, status);
    }

    private static async Task<List<ExperimentRun>> OfStepAsync(ModelRegistry registry, string experiment, StepContext step, CancellationToken cancellationToken) =>
        [.. (await registry.ListRunsAsync(experiment, RunsSearched, cancellationToken)).Where(run => run.Tags.TryGetValue(StepTag, out var key) && key == step.Key)];
}
