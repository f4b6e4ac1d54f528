namespace Workbench.Workflows.Runtime;

/// <summary>A repair that waits until fewer runs of the workflow go on: the steps to begin again at, and what the journal says.</summary>
internal sealed record QueuedRepair(IReadOnlyList<string> StepIds, string Message);
