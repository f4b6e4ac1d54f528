using Workbench.Workflows.Storage;

namespace Workbench.Host.Pages.Runs;

/// <summary>Bars of time: runs of each pipeline, and the attempts and waits of each step of one run.</summary>
internal static class RunSpans
{
    /// <summary>A line or more for each pipeline, by its name.</summary>
    public static IReadOnlyList<GanttRow> OfRuns(IEnumerable<WorkflowRun> runs) =>
        [.. runs.GroupBy(run => run.DefinitionId).OrderBy(pipeline => pipeline.Key, StringComparer.Ordinal).SelectMany(pipeline => GanttRow.Lanes(pipeline.Key, pipeline.Select(Span)))];

    /// <summary>A line for each step in the order in which their turn came; the journal tells its attempts.</summary>
    public static IReadOnlyList<GanttRow> OfSteps(WorkflowRun run, IReadOnlyList<JournalEntry> journal)
    {
        var events = journal.Where(entry => entry.StepId is not null).ToLookup(entry => entry.StepId!);
        return [.. run.Steps.Select(step => new GanttRow(step.StepId == step.ActivityId ? step.ActivityName : step.StepId, Attempts(run.Id, step, events[step.StepId])))];
    }

    private static GanttSpan Span(WorkflowRun run) => new(
        run.CreatedAt, run.FinishedAt, run.SubStatus.ToString(), $"{run.DefinitionId} v{run.Version}, {run.SubStatus}, {PageText.Time(run.CreatedAt)}, {run.Reason}", $"runs/{Uri.EscapeDataString(run.Id)}");

    private static List<GanttSpan> Attempts(string runId, WorkflowStep step, IEnumerable<JournalEntry> events)
    {
        var href = Address(runId, step.StepId);
        var spans = new List<GanttSpan>();
        GanttSpan? open = null;
        void Close(DateTimeOffset at, string state)
        {
            if (open is null)
                return;
            bool waited = open.State == nameof(StepStatus.Suspended);
            spans.Add(open with { To = at, State = waited ? open.State : state, Title = $"{open.Title}: {(waited ? "waited" : state)} {PageText.Duration(at - open.From)}" });
            open = null;
        }
        foreach (var one in events)
            switch (one.EventName)
            {
                case "Started":
                    Close(one.Timestamp, "Interrupted");
                    open = new(one.Timestamp, null, nameof(StepStatus.Running), $"{step.ActivityName}, attempt {one.Attempt ?? 1}", href);
                    break;
                case nameof(StepStatus.Suspended):
                    Close(one.Timestamp, nameof(StepStatus.Completed));
                    open = new(one.Timestamp, null, nameof(StepStatus.Suspended), $"{step.ActivityName}, {one.Message}", href);
                    break;
                case "Retrying" or "Interrupted":
                    Close(one.Timestamp, one.EventName);
                    break;
                case nameof(StepStatus.Completed) or nameof(StepStatus.Faulted) or nameof(StepStatus.Canceled):
                    // What the engine does itself has no attempt: it begins when its turn comes.
                    open ??= new(step.CreatedAt, null, one.EventName, step.ActivityName, href);
                    Close(one.Timestamp, one.EventName);
                    break;
            }
        if (open is not null)
            spans.Add(open);
        return spans;
    }

    /// <summary>The page of a run with one of its steps, relative to the host's root.</summary>
    public static string Address(string runId, string stepId) => $"runs/{Uri.EscapeDataString(runId)}?step={Uri.EscapeDataString(stepId)}";
}
