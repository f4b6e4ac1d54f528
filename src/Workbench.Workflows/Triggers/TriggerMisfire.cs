namespace Workbench.Workflows.Triggers;

/// <summary>What becomes of moments of a schedule that passed while no host was up, or while the trigger was paused.</summary>
public enum TriggerMisfire
{
    /// <summary>One run for all of them.</summary>
    Once,
    /// <summary>A run for each, up to a limit; also those of a pause.</summary>
    All,
    /// <summary>No run: the next moment counts.</summary>
    None,
}
