namespace Workbench.Notebooks.Protocol;

/// <summary>The kernel's process ended, or never answered.</summary>
internal sealed class KernelEndedException(string message) : WorkbenchException(message)
{
    /// <summary>Whether it was ended because it used more than it may.</summary>
    public bool OverLimit { get; init; }
}
