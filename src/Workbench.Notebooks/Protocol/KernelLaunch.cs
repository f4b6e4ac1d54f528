namespace Workbench.Notebooks.Protocol;

/// <summary>How to start a kernel process.</summary>
internal sealed record KernelLaunch(IReadOnlyList<string> Command, string WorkingDirectory, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>Whether an interrupt is the signal SIGINT (Jupyter's default) and not a message.</summary>
    public bool InterruptsBySignal { get; init; }

    /// <summary>Longest time until the kernel answers.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What the kernel may use.</summary>
    public ResourceLimits Limits { get; init; } = new();
}
