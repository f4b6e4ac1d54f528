using System.Data.Common;

namespace Workbench.Workflows.Runtime;

/// <summary>
/// Runs the steps of all runs on one database, as far as nobody else does. Any number of workers may run, in any number of
/// processes. A worker that is stopped hands its steps back; one that is killed loses them when their leases end.
/// </summary>
public sealed class WorkflowWorker
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly WorkflowEngine _engine;
    private readonly IStepExecutor _executor;
    private readonly StepOwner _owner;
    private readonly CheckSweep? _checks;
    private long _lookedAfter;
    private long _signalsSeen = -1;
    private int _busy;

    /// <summary>
    /// A worker that gives steps to <paramref name="executor"/>; <paramref name="node"/> names it to people, by default after machine
    /// and process. It asks <paramref name="check"/> whether what steps wait for is there; without it such steps are left to workers
    /// that have one.
    /// </summary>
    public WorkflowWorker(WorkflowEngine engine, IStepExecutor executor, string? node = null, IWaitCheck? check = null)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(executor);
        (_engine, _executor) = (engine, executor);
        var name = node ?? $"{Environment.MachineName}-{Environment.ProcessId}";
        _owner = new($"{name}/{Guid.NewGuid():N}", name);
        _checks = check is null ? null : new(engine, check);
    }

    /// <summary>Told of failures that the worker itself survives: the database was out of reach, or refused a step's end, or one run cannot be moved on.</summary>
    public event Action<Exception>? Failed;

    /// <summary>
    /// Runs up to <paramref name="parallelism"/> steps at a time, of which one of several processes counts as many, until it is cancelled; then tells them to stop, hands them back
    /// and returns. While the database is out of reach it tries again, every five seconds in the end, however long that lasts.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Parallelism is below 1.</exception>
    public async Task RunAsync(int parallelism, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parallelism, 1);
        var running = new List<Task>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var listening = ListenAsync(stop.Token);
        var checking = CheckAsync(stop.Token);
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
            await stop.CancelAsync();
            await Task.WhenAll([.. running, listening, checking]);
        }
    }

    /// <summary>Looks after runs and steps, then claims one step and runs it to its end; false when none may start now.</summary>
    public async Task<bool> ExecuteNextAsync(CancellationToken cancellationToken = default)
    {
        await LookAfterAsync(cancellationToken);
        if (_checks is not null)
            await SurviveAsync(_checks.SweepAsync, cancellationToken);
        if (await _engine.Leases.ClaimAsync(_owner, new FreePlaces(1, IsIdle: true), cancellationToken) is not [var step])
            return false;
        await ExecuteAsync(step, cancellationToken);
        _engine.Signal.Set();
        return true;
    }

    /// <summary>Fills the free places first; looks after runs now and then, and when this process did something while there is nothing to claim.</summary>
    private async Task TurnAsync(List<Task> running, int parallelism, CancellationToken cancellationToken)
    {
        var (signal, signals) = (_engine.Signal.Next, _engine.Signal.Count);
        running.RemoveAll(task => task.IsCompletedSuccessfully);
        var busy = Volatile.Read(ref _busy);
        var room = parallelism - busy;
        IReadOnlyList<LeasedStep> steps = room > 0 ? await TryAsync(() => _engine.Leases.ClaimAsync(_owner, new FreePlaces(room, IsIdle: busy == 0), cancellationToken), cancellationToken) : [];
        foreach (var step in steps)
        {
            Interlocked.Add(ref _busy, step.Places);
            running.Add(ExecuteSafelyAsync(step, cancellationToken));
        }
        var isIdle = steps.Count == 0 && room > 0;
        if (_engine.Time.GetElapsedTime(_lookedAfter) >= _engine.Options.PollInterval || (isIdle && signals != _signalsSeen))
        {
            _signalsSeen = signals;
            await TryAsync(
                async () =>
                {
                    await LookAfterAsync(cancellationToken);
                    return true;
                },
                cancellationToken);
        }
        else if (steps.Count == 0)
            await Task.WhenAny(signal, Task.Delay(_engine.Options.PollInterval, _engine.Time, cancellationToken));
    }

    private async Task LookAfterAsync(CancellationToken cancellationToken)
    {
        _lookedAfter = _engine.Time.GetTimestamp();
        await SurviveAsync(_engine.Sweep.SweepAsync, cancellationToken);
        await SurviveAsync(_engine.Leases.ReapAsync, cancellationToken);
        await SurviveAsync(_engine.Queue.AdmitAsync, cancellationToken);
    }

    /// <summary>The edge of what is looked after: a run that cannot be moved on keeps no other from it. The database out of reach is the caller's.</summary>
    private async Task SurviveAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work(cancellationToken);
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or DbException or WorkflowException { IsUnavailable: true }))
        {
            Failed?.Invoke(failure);
        }
    }

    /// <summary>Looks for what steps wait for, beside everything else: a look may take its time.</summary>
    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        if (_checks is null)
            return;
        using var timer = new PeriodicTimer(_engine.Options.PollInterval, _engine.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
                await CheckOnceAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    private async Task CheckOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _checks!.SweepAsync(cancellationToken); // The caller has seen that there are any.
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested) // The edge to the database: the next tick tries again.
        {
            Failed?.Invoke(failure);
        }
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
        finally
        {
            // In this order: whoever wakes finds the place free.
            Interlocked.Add(ref _busy, -step.Places);
            _engine.Signal.Set();
        }
    }

    /// <summary>The edge to the database: whatever it throws, the worker tries again until it is told to stop.</summary>
    private async Task<T> TryAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        for (var pause = _engine.Options.PollInterval; ; pause = Longer(pause))
        {
            try
            {
                return await work();
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                Failed?.Invoke(failure);
                await Task.Delay(pause, _engine.Time, cancellationToken);
            }
        }
    }

    /// <summary>Hears of what other processes made ready; without it the worker finds out by looking.</summary>
    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        for (var pause = _engine.Options.PollInterval; ; pause = Longer(pause))
        {
            try
            {
                await _engine.Store.Database.Dialect.ListenAsync(() =>
                {
                    pause = _engine.Options.PollInterval;
                    _engine.Signal.Wake();
                }, cancellationToken);
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception) // The edge to the database: the worker's own looks meet the same failure and report it.
            {
                await Task.Delay(pause, _engine.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static TimeSpan Longer(TimeSpan pause) => pause < LongestPause / 2 ? pause * 2 : LongestPause;
}
