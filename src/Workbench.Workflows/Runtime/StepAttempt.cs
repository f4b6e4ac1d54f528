namespace Workbench.Workflows.Runtime;

/// <summary>One attempt of one step: runs it, keeps its lease, and reports what became of it.</summary>
internal sealed class StepAttempt(WorkflowEngine engine, LeasedStep step, CancellationToken stop) : IProgress<StepProgress>, IDisposable
{
    private readonly CancellationTokenSource _cancel = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _gate = new();
    private StepProgress? _progress;
    private bool _isProgressNew;
    private StopReason _reason;

    private enum StopReason { None, Timeout, Cancelled, LeaseLost, WorkerStops }

    public void Report(StepProgress value)
    {
        lock (_gate)
        {
            _progress = new(value.Message ?? _progress?.Message, value.LogFile ?? _progress?.LogFile);
            _isProgressNew = true;
        }
    }

    public async Task RunAsync(IStepExecutor executor)
    {
        await using var timeout = engine.Time.CreateTimer(_ => Stop(StopReason.Timeout), null, step.Timeout, Timeout.InfiniteTimeSpan);
        await using var stopping = stop.Register(() => Stop(StopReason.WorkerStops));
        var heartbeat = HeartbeatAsync();
        try
        {
            await ExecuteAsync(executor);
        }
        finally
        {
            await _ended.CancelAsync();
            await heartbeat;
        }
        engine.Signal.Set();
    }

    public void Dispose()
    {
        _cancel.Dispose();
        _ended.Dispose();
    }

    private async Task ExecuteAsync(IStepExecutor executor)
    {
        StepResult result;
        try
        {
            result = await BodyAsync(executor);
        }
        catch (Exception failure) // The edge of a step: whatever it throws is its failure, and is recorded.
        {
            await RecordFailureAsync(failure);
            return;
        }
        await engine.Leases.CompleteAsync(step, result, _progress, CancellationToken.None);
    }

    /// <summary>The step's own work; one that does not stop when told to is given up after the grace.</summary>
    private async Task<StepResult> BodyAsync(IStepExecutor executor)
    {
        var context = step.Context with { Progress = this };
        var body = Task.Run(() => executor.ExecuteAsync(context, _cancel.Token), CancellationToken.None);
        var cancelled = new TaskCompletionSource();
        await using var registration = _cancel.Token.Register(cancelled.SetResult);
        await Task.WhenAny(body, cancelled.Task);
        return await body.WaitAsync(body.IsCompleted ? Timeout.InfiniteTimeSpan : engine.Options.CancelGrace, engine.Time);
    }

    private Task RecordFailureAsync(Exception failure) => _reason switch
    {
        StopReason.Timeout => FailAsync($"The step did not end within {step.Timeout}. Raise its customProperties.timeout or make it faster.", isRetryable: true),
        StopReason.Cancelled => engine.Leases.CancelAsync(step, _progress, CancellationToken.None),
        StopReason.WorkerStops => engine.Leases.ReleaseAsync(step, CancellationToken.None),
        StopReason.LeaseLost => Task.CompletedTask,
        _ => FailAsync(failure.Message, failure is not StepFailedException { IsRetryable: false }),
    };

    private Task FailAsync(string error, bool isRetryable) =>
        engine.Leases.FailAsync(step, error, isRetryable, _progress, CancellationToken.None);

    /// <summary>Keeps the lease. When the database cannot be reached for as long as the lease lasts, the step is no longer ours.</summary>
    private async Task HeartbeatAsync()
    {
        using var timer = new PeriodicTimer(engine.Options.HeartbeatInterval, engine.Time);
        var heldSince = engine.Time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(_ended.Token))
            {
                var sent = engine.Time.GetTimestamp();
                if (await BeatAsync())
                    heldSince = sent;
                else if (engine.Time.GetElapsedTime(heldSince) >= engine.Options.Lease)
                    Stop(StopReason.LeaseLost);
            }
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // The step has ended.
        }
    }

    /// <summary>False when the database could not be reached.</summary>
    private async Task<bool> BeatAsync()
    {
        try
        {
            var state = await engine.Leases.HeartbeatAsync(step, TakeProgress(), _ended.Token);
            if (state != LeaseState.Held)
                Stop(state == LeaseState.Lost ? StopReason.LeaseLost : StopReason.Cancelled);
            return true;
        }
        catch (Exception failure) when (failure is not OperationCanceledException) // The edge of a step: the host's store throws what it likes.
        {
            return false; // The caller counts how long this lasts.
        }
    }

    private StepProgress? TakeProgress()
    {
        lock (_gate)
        {
            var isNew = _isProgressNew;
            _isProgressNew = false;
            return isNew ? _progress : null;
        }
    }

    private void Stop(StopReason reason)
    {
        lock (_gate)
        {
            if (_reason != StopReason.None)
                return;
            _reason = reason;
        }
        _cancel.Cancel();
    }
}
