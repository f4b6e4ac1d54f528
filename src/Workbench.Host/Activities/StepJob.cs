using Workbench.Distributed.Launch;
using Workbench.Host.Jobs;
using Workbench.Registry;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Activities;

/// <summary>
/// A step that several ranks compute. This process supervises them; each is the step's own command again, and rank 0 does what one
/// process would have done. What they go on from lies in the data folder, so that the step's next attempt goes on as well.
/// </summary>
internal static class StepJob
{
    public const int MostProcesses = 4_096, MostRestarts = 1_000;

    private const string Request = "request.json", Result = "result.json";

    /// <summary>Whether the options ask for more than this process.</summary>
    public static bool HasSeveral(IStepJobOptions options) => options.Processes > 1 || options.Hosts is not null;

    /// <summary>Whether this process is to supervise ranks, and is none itself.</summary>
    public static bool IsAskedFor(IStepJobOptions options) => HasSeveral(options) && RankJob.Key is null;

    /// <summary>Computes the step by ranks.</summary>
    /// <returns>Rank 0's result.</returns>
    /// <exception cref="CommandException">The hosts are none, or the job failed.</exception>
    public static async Task<StepResult> RunAsync(IStepJobOptions options, ModelRegistry registry, StepContext step, CancellationToken cancellationToken)
    {
        var hosts = SupervisedJob.Hosts(options.Hosts);
        using var folder = JobFolder.Open(registry.Folder.Path, $"step {step.Key}", $"step {step.Key}");
        var (request, result) = (Path.Combine(folder.Path, Request), Path.Combine(folder.Path, Result));
        step.Write(request);
        File.Delete(result);
        var job = new JobOptions
        {
            Command = SelfCommand.With("step", "run", "--request", request, "--result", result), Hosts = hosts, MaxRestarts = options.MaxRestarts, StallTimeout = options.StallTimeout,
            Processes = options.Processes == 1 && hosts.Count > 0 ? hosts.Sum(host => host.Slots) : options.Processes,
        };
        // The step's log file is this process's standard output.
        await SupervisedJob.RunAsync(job, folder, registry.Folder, new(Console.Out, Console.Error), "The next attempt at the step", failure => TrainingRun.EndJobAsync(registry, folder.Key, failure), cancellationToken);
        var outcome = StepResult.Read(result);
        folder.Delete();
        return outcome;
    }
}
