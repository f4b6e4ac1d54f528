namespace Workbench.Workflows.Runtime;

/// <summary>
/// Runs the steps of all runs on one database, as far as nobody else does. Any number of workers may run, in any number of
/// processes. A worker that is stopped hands its steps back; one that is killed loses them when their leases end.
/// </summary>
public sealed class WorkflowWorker
{
    private static readonly TimeSpan LongestOutage = TimeSpan.FromSeconds(60);

    private readonly WorkflowEngine _engine;
    private readonly IStepExecutor _executor;
    private readonly string _owner = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}";
    private long _lookedAfter;

    /// <summary>A worker that gives steps to <paramref name="executor"/>.</summary>
    public WorkflowWorker(WorkflowEngine engine, IStepExecutor executor)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(executor);
        (_engine, _executor) = (engine, executor);
    }

    /// <summary>Told of failures that the worker itself survives: the database was out of reach, or refused a step's end.</summary>
    public event Action<Exception>? Failed;

    /// <summary>
    /// Runs up to <paramref name="parallelism"/> steps at a time until it is cancelled; then tells them to stop, hands them back
    /// and returns.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Parallelism is below 1.</exception>
    /// <exception cref="Exception">The database was out of reach for a minute; what its connections threw last.</exception>
    public async Task RunAsync(int parallelism, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parallelism, 1);
        var running = new List<Task>();
        try
        {
            while (!cancellationToken.IsCancellationRequested)
                await TurnAsync(running, parallelism, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop; the steps have heard it too.
        }
        finally
        {
            await Task.WhenAll(running);
        }
    }

    /// <summary>Looks after runs and steps, then claims one step and runs it to its end; false when none may start now.</summary>
    public async Task<bool> ExecuteNextAsync(CancellationToken cancellationToken = default)
    {
        await LookAfterAsync(cancellationToken);
        if (await _engine.Leases.ClaimAsync(_owner, cancellationToken) is not { } step)
            return false;
        await ExecuteAsync(step, cancellationToken);
        return true;
    }

    private async Task TurnAsync(List<Task> running, int parallelism, CancellationToken cancellationToken)
    {
        var signal = _engine.Signal.Next;
        running.RemoveAll(task => task.IsCompletedSuccessfully);
        var step = await TryAsync(() => ClaimAsync(running.Count < parallelism, cancellationToken), cancellationToken);
        if (step is not null)
            running.Add(ExecuteSafelyAsync(step, cancellationToken));
        else
            await Task.WhenAny([.. running, signal, Task.Delay(_engine.Options.PollInterval, _engine.Time, cancellationToken)]);
    }

    /// <summary>Looks after runs and steps now and then, and whenever there is nothing to claim.</summary>
    private async Task<LeasedStep?> ClaimAsync(bool hasRoom, CancellationToken cancellationToken)
    {
        if (_engine.Time.GetElapsedTime(_lookedAfter) < _engine.Options.PollInterval
            && hasRoom && await _engine.Leases.ClaimAsync(_owner, cancellationToken) is { } claimed)
            return claimed;
        await LookAfterAsync(cancellationToken);
        return hasRoom ? await _engine.Leases.ClaimAsync(_owner, cancellationToken) : null;
    }

    private async Task LookAfterAsync(CancellationToken cancellationToken)
    {
        _lookedAfter = _engine.Time.GetTimestamp();
        await _engine.Sweep.SweepAsync(cancellationToken);
        await _engine.Leases.ReapAsync(cancellationToken);
        await _engine.Queue.AdmitAsync(cancellationToken);
    }

    private async Task ExecuteAsync(LeasedStep step, CancellationToken cancellationToken)
    {
        using var attempt = new StepAttempt(_engine, step, cancellationToken);
        await attempt.RunAsync(_executor);
    }

    /// <summary>When a step's end cannot be recorded, its lease ends and it starts again; the worker goes on.</summary>
    private async Task ExecuteSafelyAsync(LeasedStep step, CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync(step, cancellationToken);
        }
        catch (Exception failure) // The edge of a step.
        {
            Failed?.Invoke(failure);
        }
    }

    /// <summary>The edge to the database: whatever it throws, the worker tries again for a minute.</summary>
    private async Task<LeasedStep?> TryAsync(Func<Task<LeasedStep?>> work, CancellationToken cancellationToken)
    {
        var since = _engine.Time.GetUtcNow();
        while (true)
        {
            try
            {
                return await work();
            }
            catch (Exception failure) when (failure is not OperationCanceledException && _engine.Time.GetUtcNow() - since < LongestOutage)
            {
                Failed?.Invoke(failure);
                await Task.Delay(_engine.Options.PollInterval, _engine.Time, cancellationToken);
            }
        }
    }
}
