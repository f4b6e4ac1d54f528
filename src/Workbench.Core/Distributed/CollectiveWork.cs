using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Workbench.Distributed;

/// <summary>A collective operation that may still be under way. Thread-safe.</summary>
public sealed class CollectiveWork
{
    /// <summary>Work that is done already.</summary>
    public static CollectiveWork Done { get; } = new() { _isDone = true };

    private readonly Lock _lock = new();
    private ManualResetEventSlim? _ended;
    private Exception? _failure;
    private volatile bool _isDone;

    /// <summary>When the engine began it, by <see cref="Stopwatch.GetTimestamp"/>; 0 before.</summary>
    public long Began { get; internal set; }

    /// <summary>When it was done, by <see cref="Stopwatch.GetTimestamp"/>; 0 before.</summary>
    public long Ended { get; private set; }

    /// <summary>Whether it is done.</summary>
    public bool IsDone => _isDone;

    /// <summary>What it is for, such as <c>bucket 3</c>; null when nobody said.</summary>
    internal string? Subject { get; set; }

    /// <summary>Told on the waiting thread, after it has waited, since when.</summary>
    internal Action<long>? Waited { get; set; }

    /// <summary>Waits until it is done.</summary>
    /// <exception cref="DistributedException">The engine failed.</exception>
    public void Wait()
    {
        if (!_isDone)
        {
            long began = Stopwatch.GetTimestamp();
            Event().Wait();
            Waited?.Invoke(began);
        }
        if (_failure is { } failure)
            ExceptionDispatchInfo.Throw(failure);
    }

    internal void End(Exception? failure)
    {
        lock (_lock)
        {
            (_failure, Ended) = (failure, Stopwatch.GetTimestamp());
            _isDone = true;
            _ended?.Set();
        }
    }

    private ManualResetEventSlim Event()
    {
        lock (_lock)
            return _ended ??= new(_isDone);
    }
}
