namespace Workbench.Workflows.Storage;

/// <summary>Whether a run goes on.</summary>
public enum RunStatus
{
    /// <summary>Steps are running, waiting or ready.</summary>
    Running,
    /// <summary>Nothing will happen any more; see the sub-status.</summary>
    Finished,
}
