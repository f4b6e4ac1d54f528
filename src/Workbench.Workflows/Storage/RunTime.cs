namespace Workbench.Workflows.Storage;

/// <summary>A moment in the life of a run.</summary>
public enum RunTime
{
    /// <summary>When it was started.</summary>
    Created,
    /// <summary>When it or a step of it last changed.</summary>
    Updated,
    /// <summary>When it ended.</summary>
    Finished,
}
