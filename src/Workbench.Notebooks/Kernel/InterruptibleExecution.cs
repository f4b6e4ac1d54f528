using System.Runtime;

namespace Workbench.Notebooks.Kernel;

/// <summary>
/// Runs one piece of work at a time on the caller's thread so that another thread can stop it: first its token, then
/// <see cref="Thread.Interrupt"/> for blocking waits, then a thread abort for loops that listen to nothing. Native code
/// and continuations on other threads cannot be stopped this way.
/// </summary>
internal sealed class InterruptibleExecution
{
    private static readonly TimeSpan SoftGrace = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan WaitGrace = TimeSpan.FromMilliseconds(150);

    private readonly Lock _lock = new();
    private Execution? _current;
    private bool _interruptNext;

    /// <summary>Token of the running work; one that is never cancelled when nothing runs.</summary>
    public CancellationToken Token => _current?.Soft.Token ?? CancellationToken.None;

    /// <summary>Runs <paramref name="work"/>; returns the exception that ended it, or null, and whether it was interrupted.</summary>
    public (Exception? Failure, bool Interrupted) Run(Action<CancellationToken> work)
    {
        var execution = Begin();
        Exception? failure = null;
        try
        {
#pragma warning disable SYSLIB0046 // Aborting is unsafe in a server; in a kernel the alternative to a loop that ignores its token is losing all state.
            ControlledExecution.Run(() => failure = Catch(work, execution.Soft.Token), execution.Hard.Token);
#pragma warning restore SYSLIB0046
        }
        catch (Exception abort) when (abort is OperationCanceledException or ThreadInterruptedException)
        {
            failure = abort;
        }
        finally
        {
            End();
        }
        return (failure, execution.Soft.IsCancellationRequested && failure is not null);
    }

    /// <summary>Stops the running work. When none runs and <paramref name="workIsQueued"/>, the next one: an interrupt may overtake its cell.</summary>
    public void Interrupt(bool workIsQueued)
    {
        Execution execution;
        lock (_lock)
        {
            if (_current is null)
            {
                _interruptNext |= workIsQueued;
                return;
            }
            execution = _current;
        }
        _ = Task.Run(() => EscalateAsync(execution)); // off the network thread: an abort blocks until the thread has left its work
    }

    private static Exception? Catch(Action<CancellationToken> work, CancellationToken token)
    {
        try
        {
            token.ThrowIfCancellationRequested();
            work(token);
            return null;
        }
        catch (Exception failure) when (failure is not ThreadAbortException) // the edge of a cell
        {
            return failure;
        }
    }

    private Execution Begin()
    {
        lock (_lock)
        {
            var execution = new Execution(Thread.CurrentThread);
            if (_interruptNext)
                execution.Soft.Cancel();
            _interruptNext = false;
            return _current = execution;
        }
    }

    private void End()
    {
        lock (_lock)
            _current = null;
        try
        {
            using var never = new ManualResetEvent(false);
            never.WaitOne(1); // takes up an interrupt that came too late
        }
        catch (ThreadInterruptedException)
        {
        }
    }

    private async Task EscalateAsync(Execution execution)
    {
        await execution.Soft.CancelAsync();
        await Task.Delay(SoftGrace);
        lock (_lock)
        {
            if (_current != execution)
                return;
            execution.Thread.Interrupt();
        }
        await Task.Delay(WaitGrace);
        if (_current == execution)
            await execution.Hard.CancelAsync();
    }

    private sealed class Execution(Thread thread)
    {
        public Thread Thread { get; } = thread;
        public CancellationTokenSource Soft { get; } = new();
        public CancellationTokenSource Hard { get; } = new();
    }
}
