namespace Workbench.Workflows.Runtime;

/// <summary>One attempt of one step: runs it, keeps its lease, and reports what became of it.</summary>
internal sealed class StepAttempt(WorkflowEngine engine, LeasedStep step, CancellationToken stop) : IProgress<StepProgress>, IDisposable
{
    private readonly CancellationTokenSource _cancel = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly AttemptLog _log = new(engine.Options.MaxLogLength);
    private readonly Lock _gate = new();
    private StepProgress? _progress;
    private bool _isProgressNew;
    private StopReason _reason;

    private enum StopReason { None, Timeout, Cancelled, LeaseLost, WorkerStops }

    /// <summary>
    /// How long the step goes on without hearing from the database. The rest of the lease is left to stop it before another
    /// worker may start it.
    /// </summary>
    private TimeSpan LongestSilence => engine.Options.Lease * 0.8;

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
            await RecordAsync(() => RecordFailureAsync(failure));
            return;
        }
        await RecordAsync(() => engine.Leases.CompleteAsync(step, result, News(), CancellationToken.None));
    }

    /// <summary>The step's own work; one that does not stop when told to is given up after the grace.</summary>
    private async Task<StepResult> BodyAsync(IStepExecutor executor)
    {
        var context = step.Context with { Progress = this, Log = _log };
        var body = Task.Run(() => executor.ExecuteAsync(context, _cancel.Token), CancellationToken.None);
        var cancelled = new TaskCompletionSource();
        await using var registration = _cancel.Token.Register(cancelled.SetResult);
        await Task.WhenAny(body, cancelled.Task);
        return await body.WaitAsync(body.IsCompleted ? Timeout.InfiniteTimeSpan : engine.Options.CancelGrace, engine.Time);
    }

    private Task RecordFailureAsync(Exception failure) => _reason switch
    {
        StopReason.Timeout => FailAsync($"The step did not end within {step.Timeout}. Raise its customProperties.timeout or make it faster.", isRetryable: true),
        StopReason.Cancelled => engine.Leases.CancelAsync(step, News(), CancellationToken.None),
        StopReason.WorkerStops or StopReason.LeaseLost => LeaveAsync(),
        _ => FailAsync(failure.Message, failure is not StepFailedException { IsRetryable: false }),
    };

    private Task FailAsync(string error, bool isRetryable) =>
        engine.Leases.FailAsync(step, error, isRetryable, News(), CancellationToken.None);

    /// <summary>Hands the step back, or what it still holds when it is somebody else's by now.</summary>
    private async Task LeaveAsync()
    {
        if (!await engine.Leases.ReleaseAsync(step, News(), CancellationToken.None))
            await engine.Leases.LeaveAsync(step, CancellationToken.None);
    }

    /// <summary>
    /// What became of the step must not be lost because the database is out of reach for a moment: tries again for as long as a
    /// lease lasts. Heartbeats go on meanwhile; whatever was recorded before is not recorded twice.
    /// </summary>
    private async Task RecordAsync(Func<Task> record)
    {
        var since = engine.Time.GetTimestamp();
        while (true)
        {
            try
            {
                await record();
                return;
            }
            catch (Exception failure) when (failure is not OperationCanceledException && engine.Time.GetElapsedTime(since) < engine.Options.Lease) // The edge to the database.
            {
                await Task.Delay(engine.Options.PollInterval, engine.Time, CancellationToken.None);
            }
        }
    }

    /// <summary>Keeps the lease. A step whose lease cannot be kept is stopped, before the database lets another worker have it.</summary>
    private async Task HeartbeatAsync()
    {
        using var beats = new PeriodicTimer(engine.Options.HeartbeatInterval, engine.Time);
        await using var silence = engine.Time.CreateTimer(_ => Stop(StopReason.LeaseLost), null, LongestSilence, Timeout.InfiniteTimeSpan);
        try
        {
            while (await beats.WaitForNextTickAsync(_ended.Token))
            {
                var sent = engine.Time.GetTimestamp();
                if (await BeatAsync())
                    silence.Change(Max(LongestSilence - engine.Time.GetElapsedTime(sent), TimeSpan.Zero), Timeout.InfiniteTimeSpan);
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
        var (news, isProgressNew) = TakeNews();
        try
        {
            var state = await engine.Leases.HeartbeatAsync(step, news, _ended.Token);
            _log.Confirm(news.Log);
            if (state != LeaseState.Held)
                Stop(state == LeaseState.Lost ? StopReason.LeaseLost : StopReason.Cancelled);
            return true;
        }
        catch (Exception) when (!_ended.IsCancellationRequested) // The edge of a step: the database is out of reach, which the silence counts.
        {
            lock (_gate)
                _isProgressNew |= isProgressNew;
            return false;
        }
    }

    private StepNews News() => new(_progress?.Message, _progress?.LogFile) { Log = _log.Peek() };

    private (StepNews News, bool IsProgressNew) TakeNews()
    {
        lock (_gate)
        {
            var isNew = _isProgressNew;
            _isProgressNew = false;
            return (new StepNews(isNew ? _progress?.Message : null, isNew ? _progress?.LogFile : null) { Log = _log.Peek() }, isNew);
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

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
