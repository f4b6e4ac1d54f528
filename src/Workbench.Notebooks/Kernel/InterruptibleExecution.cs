using System.Runtime;

namespace Workbench.Notebooks.Kernel;

/// <summary>
/// Runs one piece of work at a time so that another thread can stop it: first its token, then
/// <see cref="Thread.Interrupt"/> for blocking waits, then a thread abort for loops that listen to nothing, and what it
/// left waiting behind an <c>await</c> is never resumed. Native code and work that it put on other threads cannot be stopped.
/// </summary>
/// <param name="report">Told of an exception that nobody can catch (async void), and of work that cannot be stopped.</param>
internal sealed class InterruptibleExecution(Action<string> report)
{
    private static readonly TimeSpan SoftGrace = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan WaitGrace = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan AbortGrace = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly WorkerThreads _threads = new();
    private Execution? _current;
    private bool _interruptNext;

    /// <summary>Whether something runs.</summary>
    public bool IsRunning => Volatile.Read(ref _current) is not null;

    /// <summary>Token of the running work; one that is never cancelled when nothing runs.</summary>
    public CancellationToken Token => _current?.Soft.Token ?? CancellationToken.None;

    /// <summary>Runs <paramref name="work"/> and waits for it; returns the exception that ended it, or null, and whether it was interrupted.</summary>
    public (Exception? Failure, bool Interrupted) Run(Action<CancellationToken> work)
    {
        var execution = Begin();
        Exception? failure = null;
        using var done = new ManualResetEventSlim();
        _threads.Run(() =>
        {
            failure = Run(work, execution);
            bool reusable = !execution.IsAborted;
            done.Set();
            return reusable;
        });
        done.Wait();
        lock (_lock)
            _current = null;
        execution.Ended.SetResult();
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

    private Exception? Run(Action<CancellationToken> work, Execution execution)
    {
        SynchronizationContext.SetSynchronizationContext(new Continuations(execution, _threads, report));
        try
        {
            return execution.Guard(() =>
            {
                execution.Soft.Token.ThrowIfCancellationRequested();
                work(execution.Soft.Token);
            });
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(null);
        }
    }

    private Execution Begin()
    {
        lock (_lock)
        {
            var execution = new Execution();
            if (_interruptNext)
                execution.Soft.Cancel();
            _interruptNext = false;
            return _current = execution;
        }
    }

    private async Task EscalateAsync(Execution execution)
    {
        await execution.Soft.CancelAsync();
        await Task.Delay(SoftGrace);
        if (_current != execution)
            return;
        execution.InterruptThreads();
        await Task.Delay(WaitGrace);
        if (_current != execution)
            return;
        _ = execution.AbortAsync(); // returns only when the threads have left native code
        await Task.WhenAny(execution.Ended.Task, Task.Delay(AbortGrace));
        if (_current == execution)
            report("This cell does not stop: it is in native code, or holds on to an abort. It ends when that code returns; restart the kernel to end it now (variables are lost).\n");
    }

    /// <summary>One piece of work and the threads that are in it.</summary>
    private sealed class Execution
    {
        private readonly HashSet<Thread> _threads = [];
        private readonly HashSet<Thread> _interrupted = [];
        private readonly CancellationTokenSource _hard = new();
        private volatile bool _isAbandoned;

        public CancellationTokenSource Soft { get; } = new();

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Whether it was told to stop more than kindly: what still waits behind an await is not resumed.</summary>
        public bool IsAbandoned => _isAbandoned;

        /// <summary>Whether its threads were aborted.</summary>
        public bool IsAborted => _hard.IsCancellationRequested;

        /// <summary>Runs a part of the work on this thread; returns what ended it early.</summary>
        public Exception? Guard(Action work)
        {
            Exception? failure = null;
            lock (_threads)
                _threads.Add(Thread.CurrentThread);
            try
            {
#pragma warning disable SYSLIB0046 // Aborting is unsafe in a server; in a kernel the alternative to a loop that ignores its token is losing all state.
                ControlledExecution.Run(() => failure = Catch(work), _hard.Token);
#pragma warning restore SYSLIB0046
            }
            catch (Exception abort) when (abort is OperationCanceledException or ThreadInterruptedException)
            {
                failure = abort;
            }
            finally
            {
                Leave();
            }
            return failure;
        }

        public void InterruptThreads()
        {
            _isAbandoned = true;
            lock (_threads)
                foreach (var thread in _threads.Where(thread => thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin) && _interrupted.Add(thread)))
                    thread.Interrupt();
        }

        public Task AbortAsync() => _hard.CancelAsync();

        public static Exception? Catch(Action work)
        {
            try
            {
                work();
                return null;
            }
            catch (Exception failure) when (failure is not ThreadAbortException) // the edge of a cell
            {
                return failure;
            }
        }

        private void Leave()
        {
            bool interrupted;
            lock (_threads)
            {
                _threads.Remove(Thread.CurrentThread);
                interrupted = _interrupted.Remove(Thread.CurrentThread);
            }
            if (!interrupted)
                return;
            try
            {
                using var never = new ManualResetEvent(false);
                never.WaitOne(1); // takes up an interrupt that came too late
            }
            catch (ThreadInterruptedException)
            {
            }
        }
    }

    // What follows an await runs on any free thread, as without a context, but under guard: it can be interrupted like the
    // cell's own thread, an exception that nobody awaits is reported instead of ending the process, and after an abort it
    // does not run at all.
    private sealed class Continuations(Execution execution, WorkerThreads threads, Action<string> report) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback callback, object? state) => threads.Run(() =>
        {
            Resume(callback, state);
            return !execution.IsAborted;
        });

        public override void Send(SendOrPostCallback callback, object? state) => callback(state);

        public override SynchronizationContext CreateCopy() => this;

        private void Resume(SendOrPostCallback callback, object? state)
        {
            if (execution.IsAbandoned)
                return;
            SetSynchronizationContext(this);
            try
            {
                // Nothing interrupts a cell that has ended: what it left behind runs on by itself.
                var failure = execution.Ended.Task.IsCompleted ? Execution.Catch(() => callback(state)) : execution.Guard(() => callback(state));
                if (failure is not (null or OperationCanceledException or ThreadInterruptedException))
                    report($"An exception that nothing awaited: {failure}\n");
            }
            finally
            {
                SetSynchronizationContext(null);
            }
        }
    }
}
