using Workbench.Registry;
using Workbench.Training.Tuning;

namespace Workbench.Host.Activities.Tuning;

/// <summary>One process that works on a study, one trial after the other.</summary>
internal static class TuneWorker
{
    // A notebook takes a kernel and minutes; one that fails three times from the start has a fault of its own.
    private const int HopelessNotebooks = 3, HopelessTrainings = 5;

    /// <summary>Works until the study has <paramref name="trials"/> trials and none is at work any more.</summary>
    /// <exception cref="TuningException">There is no such study, or its trials fail without exception.</exception>
    public static async Task RunAsync(ModelRegistry registry, string name, int trials, CancellationToken cancellationToken)
    {
        var study = await Study.LoadAsync(registry.Folder, name, cancellationToken);
        var task = TuneTask.Of(study);
        ITrialTask work = task.Kind == TuneKind.Table ? new TableTrials(registry, name, task) : new NotebookTrials(registry, name, task);
        await study.RunAsync(work.RunAsync, trials, hopeless: task.Kind == TuneKind.Table ? HopelessTrainings : HopelessNotebooks, cancellationToken: cancellationToken);
    }
}
