using Workbench.Workflows.Model;
using Workbench.Workflows.Storage;
using Workbench.Workflows.Validation;

namespace Workbench.Workflows.Runtime;

internal sealed partial class RunAdvance
{
    /// <summary>The run is pinned to another version just now: what has not started gets its inputs, and what it lets start does.</summary>
    public async Task MoveAsync(string message)
    {
        await _transaction.AddEventAsync(_run, null, "Moved", message);
        foreach (var step in _activeSteps.Where(step => step.Status == nameof(StepStatus.Pending)).ToList())
            await RenewAsync(step);
        if (_run is { Status: nameof(RunStatus.Running), QueuedStart: null })
            await SettleAsync();
        else
            await _transaction.SaveRunAsync(_run);
    }

    private async Task RenewAsync(StepRow step)
    {
        var activity = FindActivity(step.ActivityId);
        var (inputs, error) = EvaluateInputs(activity);
        if (error is not null)
            throw new WorkflowException($"Run '{_run.Id}' does not fit version {_run.Version}: the step '{step.StepId}', which has not started, could not: {error}");
        var settings = StepSettings.Of(activity, FindDescriptor(activity));
        var renewed = step with
        {
            NodeId = activity.NodeId ?? activity.Id,
            ActivityName = activity.Label,
            MaxAttempts = settings.MaxAttempts,
            RetryDelay = (long)settings.RetryDelay.TotalMilliseconds,
            Timeout = (long)(settings.Timeout ?? _options.DefaultTimeout).TotalMilliseconds,
            Inputs = WorkflowJson.Write(inputs),
            CacheKey = settings.IsCached ? StepCache.Key(activity, inputs) : null,
            Overwritten = _changes.Take(step.Overwritten),
            OverwrittenRun = _runChanges.Take(step.OverwrittenRun),
        };
        _activeSteps[_activeSteps.IndexOf(step)] = renewed;
        await _transaction.RenewStepAsync(renewed);
        await _transaction.InsertNeedsAsync(renewed, Needs(settings));
    }
}
