using System.Globalization;
using Workbench.Distributed;
using Workbench.Host.Jobs;
using Workbench.Registry;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Activities;

/// <summary>
/// The run of an experiment that a training keeps. An attempt at a step that died leaves one that is at work; the next attempt closes it,
/// or takes its version. A job of several ranks has one run over all its attempts, which whoever supervises it ends when it fails.
/// </summary>
internal sealed class TrainingRun(ModelRegistry registry, RunId id)
{
    private const string StepTag = "workbench.step";
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

    /// <summary>A run of no step. In a job it is the run that an attempt before has begun, where there is one.</summary>
    public static async Task<TrainingRun> StartAsync(
        ModelRegistry registry, string experiment, string title, IReadOnlyDictionary<string, string> tags, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken)
    {
        var run = await OfJobAsync(registry, experiment, cancellationToken)
            ?? new TrainingRun(registry, (await registry.StartRunAsync(experiment, title, RankJob.Key is { } key ? new Dictionary<string, string>(tags) { [RunTags.Job] = key } : tags, cancellationToken)).Id);
        foreach (var (name, value) in parameters)
            await registry.LogParameterAsync(run.Id, name, value, cancellationToken);
        Collective.Current.Barrier();
        return run;
    }

    /// <summary>Waits, on a rank that is not the first, until that has begun the run: what fails then fails in it.</summary>
    public static void WaitForFirst() => Collective.Current.Barrier();

    /// <summary>The run that an earlier attempt at the step has finished, or null; runs that such attempts left at work are ended.</summary>
    public static async Task<RunId?> FindFinishedAsync(ModelRegistry registry, string experiment, StepContext step, CancellationToken cancellationToken)
    {
        await registry.GetOrCreateExperimentAsync(experiment, cancellationToken);
        var runs = await TaggedAsync(registry, experiment, StepTag, step.Key, cancellationToken);
        foreach (var run in runs.Where(run => run.Status == RunStatus.Running))
            await new TrainingRun(registry, run.Id).EndAsync(RunStatus.Killed, Died);
        return runs.Find(run => run.Status == RunStatus.Finished)?.Id;
    }

    /// <summary>The version that an earlier attempt at the step has registered, or null; runs that such attempts left at work are ended, unless a job is to go on with them.</summary>
    public static async Task<ModelVersion?> FindAsync(ModelRegistry registry, string experiment, string model, StepContext step, bool goesOn, CancellationToken cancellationToken)
    {
        await registry.GetOrCreateExperimentAsync(experiment, cancellationToken);
        var runs = await TaggedAsync(registry, experiment, StepTag, step.Key, cancellationToken);
        var isKnown = (await registry.ListModelsAsync(cancellationToken)).Any(known => known.Name == model);
        var version = runs.Count == 0 || !isKnown ? null
            : (await registry.ListVersionsAsync(model, cancellationToken)).FirstOrDefault(version => runs.Any(run => run.Id == version.RunId));
        foreach (var run in runs.Where(run => run.Status == RunStatus.Running && (version is not null || !goesOn)))
            await new TrainingRun(registry, run.Id).EndAsync(run.Id == version?.RunId ? RunStatus.Finished : RunStatus.Killed, run.Id == version?.RunId ? null : Died);
        return version;
    }

    /// <summary>Ends what a job that did not succeed has left at work.</summary>
    public static Task EndJobAsync(ModelRegistry registry, string key, Exception failure) => registry.EndJobAsync(key, EndOf(failure), failure.Message);

    /// <summary>The last step for which the run has the metric; 0 for none.</summary>
    public static async Task<long> LastStepAsync(ModelRegistry registry, RunId run, string metric, CancellationToken cancellationToken) =>
        (await registry.GetMetricHistoryAsync(run, metric, cancellationToken)).Select(point => point.Step).DefaultIfEmpty(0).Max();

    /// <summary>Does the work of the run; it ends with it, whatever the end. A job's goes on in the next attempt.</summary>
    public async Task<T> EndWithAsync<T>(Func<Task<T>> work)
    {
        try
        {
            var result = await work();
            await EndAsync(RunStatus.Finished);
            return result;
        }
        catch (Exception failure) when (RankJob.Key is null) // The edge of the run.
        {
            await EndAsync(EndOf(failure), failure.Message);
            throw;
        }
    }

    public async Task EndAsync(RunStatus status, string? error = null)
    {
        if (error is not null)
            await registry.SetTagAsync(id, RunTags.Error, error);
        await registry.EndRunAsync(id, status);
    }

    // One that has ended goes on: an attempt failed, or was stopped with its host, or died between the end of its run and its own.
    private static async Task<TrainingRun?> OfJobAsync(ModelRegistry registry, string experiment, CancellationToken cancellationToken)
    {
        if (RankJob.Key is not { } key)
            return null;
        await registry.GetOrCreateExperimentAsync(experiment, cancellationToken);
        if ((await TaggedAsync(registry, experiment, RunTags.Job, key, cancellationToken)).FirstOrDefault() is not { } run)
            return null;
        if (run.Status != RunStatus.Running)
            await registry.EndRunAsync(run.Id, RunStatus.Running, cancellationToken);
        if (run.Tags.ContainsKey(RunTags.Error))
            await registry.SetTagAsync(run.Id, RunTags.Error, "", cancellationToken);
        return new(registry, run.Id);
    }

    private static RunStatus EndOf(Exception failure) => failure is OperationCanceledException ? RunStatus.Killed : RunStatus.Failed;

    private static async Task<List<ExperimentRun>> TaggedAsync(ModelRegistry registry, string experiment, string tag, string key, CancellationToken cancellationToken) =>
        [.. (await registry.ListRunsAsync(experiment, RunsSearched, cancellationToken)).Where(run => run.Tags.TryGetValue(tag, out var value) && value == key)];
}
