using System.Collections.Concurrent;
using System.Diagnostics;
using static TorchSharp.torch;

namespace Workbench.Distributed;

/// <summary>
/// The one communication thread of an engine: it does what is added, in that order. After the first failure nothing more is
/// done, since the ranks no longer agree on what comes next. Thread-safe.
/// </summary>
internal sealed class CollectiveQueue : IDisposable
{
    private readonly BlockingCollection<(CollectiveWork Work, Action Do, Tensor[] Held)> _waiting = [];
    private readonly CollectiveWork _closed = new();
    private Exception? _failure;

    /// <summary>Starts the thread and returns when <paramref name="begin"/> has been done on it.</summary>
    /// <param name="begin">Readies the engine.</param>
    /// <param name="end">Closes it, on the same thread; not done after a failure, when it could wait for ever.</param>
    public CollectiveQueue(Action begin, Action end)
    {
        var begun = new CollectiveWork();
        new Thread(() => Work(begun, begin, end)) { IsBackground = true, Name = "collective" }.Start();
        begun.Wait();
    }

    /// <summary>Adds an operation. The memory of <paramref name="tensors"/> stays until it is done, even if the caller disposes of them.</summary>
    public CollectiveWork Add(Action operation, params ReadOnlySpan<Tensor> tensors)
    {
        ObjectDisposedException.ThrowIf(_waiting.IsAddingCompleted, this);
        var held = new Tensor[tensors.Length];
        for (int i = 0; i < held.Length; i++)
            held[i] = tensors[i].detach().DetachFromDisposeScope();
        var work = new CollectiveWork();
        _waiting.Add((work, operation, held));
        return work;
    }

    /// <summary>Does what was added, closes the engine and ends the thread.</summary>
    /// <exception cref="DistributedException">The engine did not close.</exception>
    public void Dispose()
    {
        if (_waiting.IsAddingCompleted)
            return;
        _waiting.CompleteAdding();
        _closed.Wait();
    }

    private void Work(CollectiveWork begun, Action begin, Action end)
    {
        Do(begun, begin);
        if (_failure is not null)
            return;   // and nobody has this object
        foreach (var (work, operation, held) in _waiting.GetConsumingEnumerable())
        {
            Do(work, operation);
            foreach (var tensor in held)
                tensor.Dispose();
        }
        if (_failure is null)
            Do(_closed, end);
        else
            _closed.End(failure: null);   // whoever waited for the work was told
    }

    // The edge of the thread: what went wrong reaches whoever waits for the work.
    private void Do(CollectiveWork work, Action operation)
    {
        work.Began = Stopwatch.GetTimestamp();
        if (_failure is { } earlier)
        {
            work.End(new DistributedException($"An earlier operation of this rank failed, and nothing is done after it: {earlier.Message} End the job and start it again.", earlier));
            return;
        }
        try
        {
            operation();
        }
        catch (Exception failure)
        {
            _failure = failure;
        }
        work.End(_failure);
    }
}
