using Workbench.Workflows.Storage;

namespace Workbench.Workflows.Runtime;

public sealed partial class WorkflowEngine
{
    /// <summary>
    /// Runs a step again, failed or not, and all that follows it, inside the same run, which goes on even when it had ended. New
    /// steps take the place of the old ones, whose results stay as history; what was cancelled when the run stopped starts too.
    /// Nothing that came before runs again, and the version stays the one that the run is pinned to.
    /// </summary>
    /// <exception cref="WorkflowException">Unknown run or step, a step that has not ended or was replaced, or a run that is still stopping.</exception>
    public Task RetryStepAsync(string runId, string stepId, string actor, CancellationToken cancellationToken = default) =>
        RepairAsync(runId, $"{actor} runs '{stepId}' and what follows it again.", steps => [FindEnded(runId, stepId, steps)], cancellationToken);

    /// <summary>Runs every failed step of a run again and what follows it, and what was cancelled when the run stopped; see <see cref="RetryStepAsync"/>.</summary>
    /// <exception cref="WorkflowException">Unknown run, nothing in it failed or was cancelled, or it is still stopping.</exception>
    public Task RetryRunAsync(string runId, string actor, CancellationToken cancellationToken = default) =>
        RepairAsync(runId, $"{actor} runs what failed again.", steps => [.. steps.Where(step => step is { Status: nameof(StepStatus.Faulted), IsReplaced: 0 })], cancellationToken);

    private async Task RepairAsync(string runId, string message, Func<IReadOnlyList<StepRow>, IReadOnlyList<StepRow>> choose, CancellationToken cancellationToken)
    {
        _ = await Store.Database.InRunAsync<bool?>(runId, async (transaction, run) =>
        {
            if (run is { Status: nameof(RunStatus.Running), Stopping: not null })
                throw new WorkflowException($"Run '{runId}' is still stopping: its running steps are being ended. Try again when it has ended.");
            var steps = await transaction.StepsAsync(runId);
            List<StepRow> roots = [.. choose(steps), .. steps.Where(step => step is { IsStopped: 1, IsReplaced: 0 })];
            if (roots.Count == 0)
                throw new WorkflowException($"Nothing in run '{runId}' failed or was cancelled. Name the step to begin again at, or start a new run.");
            var advance = await LoadAsync(transaction, run);
            await advance.RepairAsync([.. steps.Where(step => step.IsReplaced == 0)], [.. roots.Distinct()], message);
            return true;
        }, cancellationToken) ?? throw UnknownRun(runId);
        Signal.Set();
    }

    private static StepRow FindEnded(string runId, string stepId, IReadOnlyList<StepRow> steps)
    {
        var step = steps.FirstOrDefault(step => step.StepId == stepId)
            ?? throw new WorkflowException($"Run '{runId}' has no step '{stepId}'. {Validation.NearestName.Suggest(stepId, steps.Where(step => step.IsReplaced == 0).Select(step => step.StepId))}");
        if (step.IsReplaced == 1)
            throw new WorkflowException($"Step '{stepId}' of run '{runId}' was replaced by an earlier repair. Retry '{steps.Last(other => other.ActivityId == step.ActivityId).StepId}'.");
        return step.EndedSequence is not null ? step
            : throw new WorkflowException($"Step '{stepId}' of run '{runId}' is {step.Status}: it has not ended. Wait for its end, or cancel the run first.");
    }
}
