namespace Workbench.Notebooks.Kernel;

/// <summary>What the functions that cells call (Display, input) need from the kernel of this process.</summary>
internal sealed class KernelSession(CellOutput output, InterruptibleExecution execution, InputRequests input)
{
    private static KernelSession? _current;

    /// <exception cref="InvalidOperationException">No kernel runs in this process.</exception>
    public static KernelSession Current =>
        _current ?? throw new InvalidOperationException("This works only in a notebook cell that runs on the Workbench kernel.");

    public CellOutput Output => output;

    public CancellationToken CancellationToken => execution.Token;

    public string Ask(string prompt, bool isPassword) => input.Ask(output.Parent, prompt, isPassword, execution.Token);

    /// <summary>Makes this the session of the process; there is one kernel a process, because it owns the console.</summary>
    public void Activate()
    {
        if (Interlocked.CompareExchange(ref _current, this, null) is not null)
            throw new InvalidOperationException("A kernel runs in this process already; start another process for another kernel.");
    }

    public void Deactivate() => Interlocked.CompareExchange(ref _current, null, this);
}
