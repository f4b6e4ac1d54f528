namespace Workbench.Notebooks.Running;

/// <summary>Sorts of failure of a run.</summary>
public enum NotebookErrorKind
{
    /// <summary>The kernel could not be started.</summary>
    KernelStart,
    /// <summary>A cell raised an error.</summary>
    Cell,
    /// <summary>A cell, or the run, took longer than allowed.</summary>
    Timeout,
    /// <summary>The kernel's process ended in the middle of a cell.</summary>
    KernelDied,
    /// <summary>The kernel used more memory than allowed, and was ended.</summary>
    MemoryLimit,
    /// <summary>The run was cancelled from outside.</summary>
    Cancelled,
}
