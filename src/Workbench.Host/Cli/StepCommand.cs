using System.CommandLine;
using Workbench.Data;
using Workbench.Distributed.Launch;
using Workbench.Host.Activities;
using Workbench.Host.Jobs;
using Workbench.Registry;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Cli;

/// <summary>What the engine starts for each attempt at a step; it can be repeated by hand with the attempt's request file.</summary>
internal static class StepCommand
{
    public static Command Create()
    {
        var request = new Option<string>("--request") { Description = "Request file that the engine wrote.", Required = true };
        var result = new Option<string>("--result") { Description = "Where the result goes.", Required = true };
        var run = new Command("run", "Run one attempt at a step, as the engine does.") { request, result };
        run.SetAction(async (parsed, cancellationToken) =>
        {
            var (given, written) = (parsed.GetValue(request)!, parsed.GetValue(result)!); // both required
            if (RankSession.Join() is { } session)
                return await RankJob.RunAsync(session, () => RunRankAsync(given, written, cancellationToken));
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            // A step whose host died must not go on beside the attempt that takes its place.
            var orphaned = ParentProcess.WaitUntilGoneAsync(cancellationToken: stop.Token).ContinueWith(_ => stop.CancelAsync(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            var outcome = await ExecuteAsync(given, stop.Token);
            outcome.Write(written);
            Console.WriteLine(outcome.Message ?? outcome.Outcome);
            return ExitCode.Done;
        });
        return new Command("step", "Steps of pipelines.") { run };
    }

    // The process that supervises the ranks is the step's own: it dies with its host, and they with it.
    private static async Task<int> RunRankAsync(string request, string result, CancellationToken cancellationToken)
    {
        var outcome = await ExecuteAsync(request, cancellationToken);
        if (RankJob.IsFirst)
            outcome.Write(result);
        return ExitCode.Done;
    }

    private static Task<StepResult> ExecuteAsync(string request, CancellationToken cancellationToken)
    {
        var step = StepContext.Read(request);
        Environment.SetEnvironmentVariable(NewModelVersion.StepKeyVariable, step.Key);
        return StepActivities.Create(ModelRegistry.Open(DataFolder.FromEnvironment())).Find(step.ActivityType).ExecuteAsync(step, cancellationToken);
    }
}
