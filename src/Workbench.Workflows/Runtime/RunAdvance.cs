using System.Text.Json.Nodes;
using Workbench.Workflows.Expressions;
using Workbench.Workflows.Model;
using Workbench.Workflows.Storage;
using Workbench.Workflows.Validation;

namespace Workbench.Workflows.Runtime;

/// <summary>
/// Moves one run on within one transaction: applies what happened to a step, schedules what follows, runs the engine's own
/// activities, and ends the run when nothing is left.
/// </summary>
internal sealed partial class RunAdvance
{
    private const int LongestInlineChain = 1000;

    private readonly RunTransaction _transaction;
    private readonly RunRow _run;
    private readonly PinnedDefinition _pinned;
    private readonly ActivityCatalog _catalog;
    private readonly WorkflowEngineOptions _options;
    private readonly List<StepRow> _activeSteps;
    private readonly FlowchartMachine _machine;
    private readonly ExpressionScope _scope;
    private readonly VariableChanges _changes;
    private readonly RunChanges _runChanges;
    private int _inlineChain;

    private RunAdvance(
        RunTransaction transaction, RunRow run, PinnedDefinition pinned, ActivityCatalog catalog, WorkflowEngineOptions options, List<StepRow> activeSteps)
    {
        (_transaction, _run, _pinned, _catalog, _options, _activeSteps) = (transaction, run, pinned, catalog, options, activeSteps);
        var tokens = WorkflowJson.ReadObject(run.Tokens).ToDictionary(pair => pair.Key, pair => pair.Value?.GetValue<int>() ?? 0);
        _machine = new(pinned.Graph, tokens, [.. activeSteps.Select(step => step.ActivityId)]);
        _scope = new(pinned.Definition, WorkflowJson.ReadObject(run.Variables), WorkflowJson.ReadObject(run.Inputs))
        {
            Outputs = WorkflowJson.ReadObject(run.Outputs), RunId = run.Id, CorrelationId = run.CorrelationId, RunName = run.Name,
            Trigger = run.TriggerId is null ? null : new() { ["id"] = run.TriggerId, ["payload"] = run.TriggerPayload is null ? null : JsonNode.Parse(run.TriggerPayload) },
        };
        _changes = new(_scope.Variables);
        _runChanges = new(_scope);
    }

    public static async Task<RunAdvance> LoadAsync(
        RunTransaction transaction, RunRow run, PinnedDefinition pinned, ActivityCatalog catalog, WorkflowEngineOptions options)
    {
        var advance = new RunAdvance(transaction, run, pinned, catalog, options, await transaction.ActiveStepsAsync(run.Id));
        await advance.RememberOutputsAsync();
        return advance;
    }

    /// <summary>Begins at an activity. A trigger does not wait there: it has fired, with the given outputs, or the run was started by hand.</summary>
    public async Task StartAsync(string activityId, JsonObject? triggerOutputs = null)
    {
        var start = FindActivity(activityId);
        await _transaction.AddEventAsync(_run, null, "Started", _run.Reason);
        _machine.Start(start.Id);
        _triggerOutputs = _catalog.Find(start.Type) is { Kind: ActivityKind.Trigger } ? triggerOutputs ?? [] : null;
        await ScheduleAsync(start);
        await SettleAsync();
    }

    public async Task CompleteAsync(StepRow step, StepResult result)
    {
        try
        {
            ApplyOutputs(step, FindActivity(step.ActivityId), result);
            await CompleteAsync(step, [result.Outcome]);
        }
        catch (WorkflowException failure)
        {
            await FaultAsync(step, failure.Message);
        }
        await SettleAsync();
    }

    /// <summary>Tries again after a pause while attempts are left and the run goes on; else the step is faulted.</summary>
    public async Task FailAsync(StepRow step, string error, bool isRetryable)
    {
        step.Failures++;
        if (isRetryable && step.Failures < step.MaxAttempts && _run.Stopping is null)
            await RetryAsync(step, error);
        else
            await FaultAsync(step, error);
        await SettleAsync();
    }

    /// <summary>The step's worker is gone: another may start it at once, unless the run stops.</summary>
    public async Task InterruptAsync(StepRow step, string message)
    {
        if (_run.Stopping is not null)
        {
            await CancelStepAsync(step, message);
            return;
        }
        step.Status = nameof(StepStatus.Pending);
        step.Owner = null;
        step.NotBefore = _transaction.Now;
        await _transaction.SaveStepAsync(step, _run, "Interrupted", $"{message} The step starts again.");
        await SettleAsync();
    }

    public async Task CancelStepAsync(StepRow step, string message)
    {
        _machine.End(step.ActivityId, []);
        await EndStepAsync(step, StepStatus.Canceled, message);
        await SettleAsync();
    }

    /// <summary>Nothing new starts; running steps hear of it with their next heartbeat.</summary>
    public async Task CancelRunAsync(string reason)
    {
        _run.Stopping = nameof(RunSubStatus.Cancelled);
        _run.Fault ??= reason;
        await CancelAsync(step => step.Status != nameof(StepStatus.Running), reason);
        await SettleAsync();
    }

    /// <summary>What the steps that count gave, where a script may ask for it.</summary>
    private async Task RememberOutputsAsync()
    {
        if (!_pinned.ReadsStepOutputs)
            return;
        _scope.ForgetOutputs();
        foreach (var (activityId, outputs) in await _transaction.StepOutputsAsync(_run.Id))
            _scope.Remember(activityId, WorkflowJson.ReadObject(outputs));
    }

    private async Task RetryAsync(StepRow step, string error)
    {
        var pause = RetryBackoff.Pause(
            TimeSpan.FromMilliseconds(step.RetryDelay), step.Failures, _options.MaxRetryDelay, $"{step.InstanceId}/{step.StepId}");
        step.Status = nameof(StepStatus.Pending);
        step.Owner = null;
        step.Error = error;
        step.NotBefore = _transaction.Now + (long)pause.TotalMilliseconds;
        await _transaction.SaveStepAsync(step, _run, "Retrying",
            $"Attempt failed ({step.Failures} of {step.MaxAttempts}), the next one starts in {pause.TotalSeconds:0.0} s: {error}");
    }

    private async Task FaultAsync(StepRow step, string error)
    {
        step.Error = error;
        _run.IncidentCount++;
        _run.Fault ??= $"{step.ActivityName}: {error}";
        _machine.End(step.ActivityId, []);
        await EndStepAsync(step, StepStatus.Faulted, error);
        if (_pinned.Definition.IncidentStrategy == IncidentStrategy.Fault && _run.Stopping is null)
            await StopAfterFaultAsync(step);
    }

    private async Task StopAfterFaultAsync(StepRow step)
    {
        _run.Stopping = nameof(RunSubStatus.Faulted);
        await CancelAsync(other => _options.CancelRunningOnFault || other.Status != nameof(StepStatus.Running), $"'{step.ActivityName}' failed.");
    }

    private async Task CancelAsync(Func<StepRow, bool> which, string message)
    {
        foreach (var step in _activeSteps.Where(which).ToList())
        {
            _machine.End(step.ActivityId, []);
            await EndStepAsync(step, StepStatus.Canceled, message, isStillRunning: step.Status == nameof(StepStatus.Running));
        }
    }

    private async Task CompleteAsync(StepRow step, IReadOnlyList<string> outcomes)
    {
        step.Outcome = string.Join(", ", outcomes);
        _machine.End(step.ActivityId, outcomes);
        await EndStepAsync(step, StepStatus.Completed, outcomes is ["Done"] or [] ? step.Message : $"{step.Outcome}. {step.Message}".TrimEnd());
    }

    /// <summary>A worker that is still running the step holds what the step needs until it has stopped, or its lease ends.</summary>
    private async Task EndStepAsync(StepRow step, StepStatus status, string? message, bool isStillRunning = false)
    {
        _activeSteps.RemoveAll(other => other.StepId == step.StepId);
        if (step.Status == nameof(StepStatus.Suspended))
            await _transaction.ReleaseBookmarksAsync(step, cancelsChildren: status == StepStatus.Canceled);
        step.Status = status.ToString();
        step.Owner = isStillRunning ? step.Owner : null;
        step.CompletedAt = _transaction.Now;
        step.EndedSequence = _run.JournalSequence + 1;
        step.IsStopped = status == StepStatus.Canceled && _run.Stopping is not null ? 1 : 0;
        step.Overwritten = _changes.Take(step.Overwritten);
        step.OverwrittenRun = _runChanges.Take(step.OverwrittenRun);
        await _transaction.SaveStepAsync(step, _run, status.ToString(), message);
    }

    private async Task SettleAsync()
    {
        while (_run.Stopping is null && _machine.Next() is { } turn)
            await TakeAsync(turn);
        if (_machine.Active.Count == 0)
            await FinishAsync();
        else
            _run.SubStatus = (_activeSteps.All(step => step.Status == nameof(StepStatus.Suspended)) ? RunSubStatus.Suspended : RunSubStatus.Executing).ToString();
        _run.Outputs = _scope.Outputs.Count > 0 ? WorkflowJson.Write(_scope.Outputs) : null;
        _run.CorrelationId = _scope.CorrelationId;
        _run.Name = _scope.RunName;
        _run.Variables = WorkflowJson.Write(_scope.Variables);
        _run.Tokens = WorkflowJson.Write(new JsonObject(_machine.Tokens.Select(token => KeyValuePair.Create(token.Key, (JsonNode?)token.Value))));
        await _transaction.SaveRunAsync(_run);
    }

    private async Task TakeAsync(Turn turn)
    {
        if (turn.Losers.Count > 0)
            await CancelAsync(step => turn.Losers.Contains(step.ActivityId), $"Another branch reached '{turn.Activity.Label}' first.");
        if (turn.IsSkipped)
            await _transaction.AddEventAsync(_run, null, "Skipped", $"'{turn.Activity.Label}' waits for all its branches, and one of them cannot come any more.");
        else
            await ScheduleAsync(turn.Activity);
    }

    private async Task ScheduleAsync(Activity activity, bool mayBeCached = true)
    {
        var step = await InsertStepAsync(activity, mayBeCached);
        if (step.Status == nameof(StepStatus.Pending))
            return;
        try
        {
            if (++_inlineChain > LongestInlineChain)
                throw new WorkflowException($"More than {LongestInlineChain} activities ran without a step that waits. Let the cycle at '{activity.Label}' end.");
            if (step.CachedFrom is not null)
                await CompleteCachedAsync(step, activity);
            else
                await RunInlineAsync(step, activity, WorkflowJson.ReadObject(step.Inputs));
        }
        catch (WorkflowException failure)
        {
            await FaultAsync(step, failure.Message);
        }
    }

    /// <summary>The result of an earlier step counts for this one.</summary>
    private async Task CompleteCachedAsync(StepRow step, Activity activity)
    {
        var result = new StepResult { Outcome = step.Outcome ?? "Done", Outputs = WorkflowJson.ReadObject(step.Outputs) };
        ApplyOutputs(step, activity, result);
        await _transaction.AddEventAsync(_run, step, "Cached", $"Type, inputs and content are those of step {step.CachedFrom}, whose result is taken.");
        await CompleteAsync(step, [result.Outcome]);
    }

    /// <summary>
    /// The new step's row: Pending for a worker, or Running for what ends within this transaction, which is the engine's own
    /// activities, those whose result is known (<see cref="StepRow.CachedFrom"/>), and those that cannot begin; their
    /// <see cref="StepRow.Error"/> says why.
    /// </summary>
    private async Task<StepRow> InsertStepAsync(Activity activity, bool mayBeCached)
    {
        var (all, ofActivity) = await _transaction.CountStepsAsync(_run.Id, activity.Id);
        var (inputs, error) = EvaluateInputs(activity);
        var descriptor = _catalog.Find(activity.Type);
        var isInline = error is not null || descriptor is null || InlineActivities.Handles(descriptor);
        var settings = descriptor is null ? new(1, TimeSpan.Zero, null) : StepSettings.Of(activity, descriptor);
        var places = PlacesOf(descriptor, inputs);
        var cacheKey = settings.IsCached && !isInline ? StepCache.Key(activity, inputs) : null;
        var known = cacheKey is not null && mayBeCached ? await _transaction.FindCachedAsync(_run.DefinitionId, cacheKey) : null;
        isInline |= known is not null;
        var step = new StepRow
        {
            InstanceId = _run.Id,
            StepId = ofActivity == 0 ? activity.Id : $"{activity.Id}~{ofActivity + 1}",
            ActivityId = activity.Id,
            NodeId = activity.NodeId ?? activity.Id,
            ActivityName = activity.Label,
            ActivityType = activity.Type,
            Ordinal = all + 1,
            Status = isInline ? nameof(StepStatus.Running) : nameof(StepStatus.Pending),
            Attempt = isInline && known is null ? 1 : 0,
            Outputs = known?.Outputs,
            Outcome = known?.Outcome,
            Message = known?.Message ?? (places > 1 && !isInline ? $"Waits until a node has {places} places free." : null),
            Places = places,
            CacheKey = cacheKey,
            CachedFrom = known?.CachedFrom ?? (known is null ? null : $"{known.InstanceId}/{known.StepId}"),
            MaxAttempts = settings.MaxAttempts,
            RetryDelay = (long)settings.RetryDelay.TotalMilliseconds,
            Timeout = (long)(settings.Timeout ?? _options.DefaultTimeout).TotalMilliseconds,
            NotBefore = _transaction.Now,
            Inputs = WorkflowJson.Write(inputs),
            Error = error,
            CreatedAt = _transaction.Now,
            StartedAt = isInline ? _transaction.Now : null,
            Priority = _run.Priority,
            RunCreatedAt = _run.CreatedAt,
            Generation = _run.Generation,
            CreatedSequence = _run.JournalSequence,
            Overwritten = _changes.Take(null),
            OverwrittenRun = _runChanges.Take(null),
        };
        await _transaction.InsertStepAsync(step);
        if (!isInline)
            await _transaction.InsertNeedsAsync(step, Needs(settings));
        _activeSteps.Add(step);
        return step;
    }

    private (JsonObject Inputs, string? Error) EvaluateInputs(Activity activity)
    {
        try
        {
            return (InputEvaluation.Evaluate(activity, FindDescriptor(activity), _scope), null);
        }
        catch (WorkflowException failure)
        {
            return ([], failure.Message);
        }
    }

    // The step itself says what is wrong with another value.
    private static int PlacesOf(ActivityDescriptor? descriptor, JsonObject inputs) =>
        descriptor?.PlacesInput is { } name && WorkflowJson.Find(inputs, name) is { } value && ValueTypes.TryConvert("Int32", value, out var places, out _) && places is not null
            ? Math.Max(1, places.GetValue<int>()) : 1;

    private IEnumerable<(string Name, int Amount)> Needs(StepSettings settings)
    {
        var needs = settings.Resources.Select(resource => (LimitName.Resource(resource.Key), resource.Value));
        return RunSettings.Of(_pinned.Definition).MaxConcurrentSteps is null ? needs : needs.Append((LimitName.Steps(_run.DefinitionId), 1));
    }

    private async Task FinishAsync()
    {
        var end = _run.Stopping == nameof(RunSubStatus.Cancelled) ? RunSubStatus.Cancelled
            : _run.IncidentCount > 0 ? RunSubStatus.Faulted
            : RunSubStatus.Finished;
        _run.Status = nameof(RunStatus.Finished);
        _run.SubStatus = end.ToString();
        _run.FinishedAt = _transaction.Now;
        if (_run.Stopping is null)
            _machine.Clear(); // A run that was stopped keeps its tokens: a repair goes on from them.
        var eventName = end switch { RunSubStatus.Cancelled => "Canceled", RunSubStatus.Faulted => "Faulted", _ => "Completed" };
        await _transaction.AddEventAsync(_run, null, eventName, _run.Fault);
        if (_run.ParentBookmarkId is { } waiting)
            await _transaction.WakeBookmarkAsync(waiting);
    }

    private Activity FindActivity(string id) => _pinned.Graph.Find(id)
        ?? throw new WorkflowException($"Version {_run.Version} of '{_run.DefinitionId}', to which run '{_run.Id}' is pinned, has no activity '{id}'.");

    private ActivityDescriptor FindDescriptor(Activity activity) => _catalog.Find(activity.Type)
        ?? throw new WorkflowException($"Unknown activity type '{activity.Type}'. {NearestName.Suggest(activity.Type, _catalog.Descriptors.Select(known => known.TypeName))}");
}
