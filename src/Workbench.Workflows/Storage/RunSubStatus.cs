namespace Workbench.Workflows.Storage;

/// <summary>What a run does or how it ended, in Elsa's words.</summary>
public enum RunSubStatus
{
    /// <summary>Not begun: waits until fewer runs of its workflow go on.</summary>
    Pending,
    /// <summary>Steps are running or ready.</summary>
    Executing,
    /// <summary>Waits for something outside.</summary>
    Suspended,
    /// <summary>Ended without incidents.</summary>
    Finished,
    /// <summary>Was cancelled.</summary>
    Cancelled,
    /// <summary>Ended with at least one incident.</summary>
    Faulted,
}
