using Workbench.Workflows.Storage;

namespace Workbench.Workflows.Runtime;

public sealed partial class WorkflowEngine
{
    /// <summary>
    /// Runs a step again, failed or not, and all that follows it, inside the same run, which goes on even when it had ended. New
    /// steps take the place of the old ones, whose results stay as history; what was cancelled when the run stopped starts too.
    /// Nothing that came before runs again, and the version stays the one that the run is pinned to. A run that had ended waits in
    /// sub-status Pending while as many runs of its workflow go on as it allows.
    /// </summary>
    /// <exception cref="WorkflowException">Unknown run or step, a step that has not ended or was replaced, or a run that is still stopping or waits to begin.</exception>
    public Task RetryStepAsync(string runId, string stepId, string actor, CancellationToken cancellationToken = default) =>
        RepairAsync(runId, $"{actor} runs '{stepId}' and what follows it again.", steps => [FindEnded(runId, stepId, steps)], cancellationToken);

    /// <summary>Runs every failed step of a run again and what follows it, and what was cancelled when the run stopped; see <see cref="RetryStepAsync"/>.</summary>
    /// <exception cref="WorkflowException">Unknown run, nothing in it failed or was cancelled, or it is still stopping or waits to begin.</exception>
    public Task RetryRunAsync(string runId, string actor, CancellationToken cancellationToken = default) =>
        RepairAsync(runId, $"{actor} runs what failed again.", steps => [.. steps.Where(step => step is { Status: nameof(StepStatus.Faulted), IsReplaced: 0 })], cancellationToken);

    private async Task RepairAsync(string runId, string message, Func<IReadOnlyList<StepRow>, IReadOnlyList<StepRow>> choose, CancellationToken cancellationToken)
    {
        var definitionId = (await Store.GetRunAsync(runId, cancellationToken) ?? throw UnknownRun(runId)).DefinitionId;
        await Store.Database.WriteAsync(async (connection, transaction) =>
        {
            var statements = new RunTransaction(connection, transaction, Store.Database);
            // The workflow's limit is locked before any run is, as RunQueue does.
            var hasRoom = await statements.LockRoomForRunAsync(definitionId);
            var run = await statements.LockAsync(runId) ?? throw UnknownRun(runId);
            RefuseRepair(run);
            var steps = await statements.StepsAsync(runId);
            List<StepRow> roots = [.. choose(steps), .. steps.Where(step => step is { IsStopped: 1, IsReplaced: 0 })];
            if (roots.Count == 0)
                throw new WorkflowException($"Nothing in run '{runId}' failed or was cancelled. Name the step to begin again at, or start a new run.");
            var advance = await LoadAsync(statements, run);
            if (run.Status == nameof(RunStatus.Finished) && !hasRoom)
                await advance.QueueRepairAsync([.. roots.Distinct()], message);
            else
                await advance.RepairAsync([.. steps.Where(step => step.IsReplaced == 0)], [.. roots.Distinct()], message);
            return true;
        }, cancellationToken);
        Signal.Set();
    }

    /// <summary>There is room now for a repair that had to wait.</summary>
    private static async Task RepairAsync(RunTransaction transaction, RunAdvance advance, RunRow run, QueuedRepair repair)
    {
        var steps = (await transaction.StepsAsync(run.Id)).Where(step => step.IsReplaced == 0).ToList();
        await advance.RepairAsync(steps, [.. steps.Where(step => repair.StepIds.Contains(step.StepId))], repair.Message);
    }

    private static void RefuseRepair(RunRow run)
    {
        if (run is { Status: nameof(RunStatus.Running), Stopping: not null })
            throw new WorkflowException($"Run '{run.Id}' is still stopping: its running steps are being ended. Try again when it has ended.");
        if (run is { Status: nameof(RunStatus.Running), SubStatus: nameof(RunSubStatus.Pending) })
            throw new WorkflowException($"Run '{run.Id}' waits until fewer runs of '{run.DefinitionId}' go on; then it begins by itself.");
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
