namespace Workbench.Registry;

/// <summary>Where a run stands; the names are MLflow's.</summary>
public enum RunStatus
{
    /// <summary>At work, or its process died without saying so.</summary>
    Running,
    /// <summary>Ended well.</summary>
    Finished,
    /// <summary>Ended with an error.</summary>
    Failed,
    /// <summary>Ended from outside.</summary>
    Killed,
}
