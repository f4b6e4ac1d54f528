namespace Workbench.Workflows.Runtime;

/// <summary>What became of a firing.</summary>
public enum TriggerResult
{
    /// <summary>A run was started, or waits for room.</summary>
    Started,
    /// <summary>No run: another goes on, or one stands for it.</summary>
    Skipped,
    /// <summary>No run: the trigger is paused, or no version of its workflow is published.</summary>
    Paused,
    /// <summary>No run: the trigger has acted on the same key already.</summary>
    Repeated,
    /// <summary>No run could be started, for example because an input is missing.</summary>
    Failed,
}
