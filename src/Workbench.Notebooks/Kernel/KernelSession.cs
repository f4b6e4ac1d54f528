namespace Workbench.Notebooks.Kernel;

/// <summary>What the functions that cells call (Display, input) need from the kernel of this process.</summary>
internal sealed class KernelSession(CellOutput output, InterruptibleExecution execution, InputRequests input, IReadOnlyList<string>? workbench)
{
    // A job that is stopped has ended all its processes within 10 s.
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private readonly List<Task> _held = [];

    private static KernelSession? _current;

    /// <exception cref="InvalidOperationException">No kernel runs in this process.</exception>
    public static KernelSession Current =>
        _current ?? throw new InvalidOperationException("This works only in a notebook cell that runs on the Workbench kernel.");

    public CellOutput Output => output;

    public CancellationToken CancellationToken => execution.Token;

    /// <summary>Program and first arguments of the command <c>workbench</c>.</summary>
    /// <exception cref="InvalidOperationException">The kernel does not know it.</exception>
    public IReadOnlyList<string> WorkbenchCommand => workbench ?? throw new InvalidOperationException("This kernel was not started by the program 'workbench' and cannot start its commands. Run 'workbench kernel install', or start a program of your own with Job.RunAsync.");

    /// <summary>Work that goes on when the cell is interrupted, until it has cleared up: the cell does not end before.</summary>
    public Task<T> Hold<T>(Task<T> work)
    {
        lock (_lock)
        {
            _held.RemoveAll(held => held.IsCompleted);
            _held.Add(work);
        }
        return work;
    }

    /// <summary>Waits for all held work, which was told to stop; false when it does not.</summary>
    public bool WaitForHeld()
    {
        Task all;
        lock (_lock)
            all = Task.WhenAll(_held);
        Task.WhenAny(all, Task.Delay(EndLimit)).GetAwaiter().GetResult(); // does not throw what they threw: the cell was interrupted
        return all.IsCompleted;
    }

    public string Ask(string prompt, bool isPassword) => input.Ask(output.Parent, prompt, isPassword, execution.Token);

    /// <summary>Makes this the session of the process; there is one kernel a process, because it owns the console.</summary>
    public void Activate()
    {
        if (Interlocked.CompareExchange(ref _current, this, null) is not null)
            throw new InvalidOperationException("A kernel runs in this process already; start another process for another kernel.");
    }

    public void Deactivate() => Interlocked.CompareExchange(ref _current, null, this);
}
