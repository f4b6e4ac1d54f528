namespace Workbench.Workflows.Storage;

/// <summary>State of one step, in Elsa's words.</summary>
public enum StepStatus
{
    /// <summary>Ready, or waiting for its next attempt.</summary>
    Pending,
    /// <summary>A worker holds its lease.</summary>
    Running,
    /// <summary>Waits for a time, an event, a request, a decision or another run; see its bookmark. Elsa calls it Running.</summary>
    Suspended,
    /// <summary>Done; its outputs count.</summary>
    Completed,
    /// <summary>Was cancelled, or lost against another branch.</summary>
    Canceled,
    /// <summary>Failed for good; see the error.</summary>
    Faulted,
}
