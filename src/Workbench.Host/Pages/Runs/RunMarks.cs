using Workbench.Host.Designer;
using Workbench.Workflows.Model;
using Workbench.Workflows.Storage;

namespace Workbench.Host.Pages.Runs;

/// <summary>What the drawing of a run says of each activity: its last step, with the attempts and rounds that it took.</summary>
internal static class RunMarks
{
    public static Func<Activity, NodeMark> Of(WorkflowRun run, string? chosenStep)
    {
        var steps = run.Steps.Where(step => !step.IsReplaced).ToLookup(step => step.ActivityId);
        return activity =>
        {
            if (steps[activity.Id].LastOrDefault() is not { } step)
                return new("", run.Status == RunStatus.Finished ? "not run" : "not yet");
            int rounds = steps[activity.Id].Count();
            return new(step.Status.ToString(), Words(step, rounds), RunSpans.Address(run.Id, step.StepId), steps[activity.Id].Any(one => one.StepId == chosenStep));
        };
    }

    private static string Words(WorkflowStep step, int rounds)
    {
        var words = step.Outcome is { Length: > 0 } outcome && outcome != "Done" ? $"{step.Status}: {outcome}" : step.Status.ToString();
        if (step.CachedFrom is not null)
            words += ", cached";
        if (step.Attempt > 1)
            words += $", attempt {step.Attempt}";
        return rounds > 1 ? $"{words}, round {rounds}" : words;
    }
}
