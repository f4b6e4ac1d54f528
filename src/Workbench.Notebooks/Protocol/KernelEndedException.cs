namespace Workbench.Notebooks.Protocol;

/// <summary>The kernel's process ended, or never answered.</summary>
internal sealed class KernelEndedException(string message) : WorkbenchException(message);
