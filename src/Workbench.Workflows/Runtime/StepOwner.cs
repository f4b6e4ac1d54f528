namespace Workbench.Workflows.Runtime;

/// <summary>Who holds a step: the worker's own id, which guards every change, and the node that people know.</summary>
internal sealed record StepOwner(string Id, string? Node);
