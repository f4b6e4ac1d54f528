using System.CommandLine;
using Workbench.Data;
using Workbench.Host.Activities;
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
            var step = StepContext.Read(parsed.GetValue(request)!);
            Environment.SetEnvironmentVariable(NewModelVersion.StepKeyVariable, step.Key);
            var activities = StepActivities.Create(ModelRegistry.Open(DataFolder.FromEnvironment()));
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            // A step whose host died must not go on beside the attempt that takes its place.
            var orphaned = ParentProcess.WaitUntilGoneAsync(cancellationToken: stop.Token).ContinueWith(_ => stop.CancelAsync(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            var outcome = await activities.Find(step.ActivityType).ExecuteAsync(step, stop.Token);
            outcome.Write(parsed.GetValue(result)!);
            Console.WriteLine(outcome.Message ?? outcome.Outcome);
        });
        return new Command("step", "Steps of pipelines.") { run };
    }
}
