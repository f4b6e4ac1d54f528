namespace Workbench.Registry;

/// <summary>Notes of runs that mean something to Workbench itself.</summary>
public static class RunTags
{
    /// <summary>Key of the job of several ranks that the run is of.</summary>
    public const string Job = "workbench.job";

    /// <summary>Why the run failed.</summary>
    public const string Error = "workbench.error";
}
