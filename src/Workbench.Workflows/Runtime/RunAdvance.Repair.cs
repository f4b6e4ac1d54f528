using System.Text.Json.Nodes;
using Workbench.Workflows.Model;
using Workbench.Workflows.Storage;
using Workbench.Workflows.Validation;

namespace Workbench.Workflows.Runtime;

internal sealed partial class RunAdvance
{
    /// <summary>
    /// Begins again at the roots: they and what came after them are set aside with their results, what they wrote to the variables,
    /// outputs, name and correlation id of the run is undone, and new steps take their place. The run goes on even when it had ended.
    /// </summary>
    public async Task RepairAsync(IReadOnlyList<StepRow> current, IReadOnlyList<StepRow> roots, string message)
    {
        var plan = RepairPlan.Create(_pinned.Graph, current, roots);
        await ReopenAsync(plan, message);
        var replaced = plan.Replaced.Select(step => step.StepId).ToHashSet();
        await CancelAsync(step => replaced.Contains(step.StepId), "A repair begins again before it.");
        await _transaction.ReplaceStepsAsync(_run.Id, replaced);
        foreach (var step in plan.Replaced)
            Undo(step);
        _changes.Accept();
        _runChanges.Accept();
        await RememberOutputsAsync();
        _machine.Restart(plan.Tokens(_machine.Tokens));
        foreach (var start in plan.Starts)
        {
            _machine.Start(start);
            _triggerOutputs = FiredOutputs(plan, start);
            await ScheduleAsync(FindActivity(start), mayBeCached: false);
        }
        await SettleAsync();
    }

    /// <summary>The run ended, and goes on with the repair when fewer runs of its workflow do.</summary>
    public async Task QueueRepairAsync(IReadOnlyList<StepRow> roots, string message)
    {
        (_run.Status, _run.SubStatus, _run.Stopping, _run.FinishedAt) = (nameof(RunStatus.Running), nameof(RunSubStatus.Pending), null, null);
        _run.QueuedStart = new QueuedStart("", Repair: new([.. roots.Select(root => root.StepId)], message)).Write();
        await _transaction.AddEventAsync(_run, null, "Queued", $"{message} It waits until fewer runs of '{_run.DefinitionId}' go on.");
        await _transaction.SaveRunAsync(_run);
    }

    private void Undo(StepRow step)
    {
        VariableChanges.Undo(_scope.Variables, step.Overwritten);
        RunChanges.Undo(_scope, step.OverwrittenRun);
    }

    /// <summary>What the trigger that the run began at was given; null for other activities, triggers inside the run among them.</summary>
    private JsonObject? FiredOutputs(RepairPlan plan, string activityId) =>
        _catalog.Find(FindActivity(activityId).Type) is { Kind: ActivityKind.Trigger }
            && plan.Replaced.FirstOrDefault(step => step.Ordinal == 1 && step.ActivityId == activityId) is { } fired
            ? WorkflowJson.ReadObject(fired.Outputs)
            : null;

    private async Task ReopenAsync(RepairPlan plan, string message)
    {
        _run.Generation++;
        _run.QueuedStart = null;
        (_run.Status, _run.SubStatus, _run.Stopping, _run.FinishedAt) = (nameof(RunStatus.Running), nameof(RunSubStatus.Executing), null, null);
        _run.IncidentCount = plan.RemainingFaults.Count;
        _run.Fault = plan.RemainingFaults.Select(step => $"{step.ActivityName}: {step.Error}").FirstOrDefault();
        await _transaction.AddEventAsync(_run, null, "Repaired", message);
    }
}
