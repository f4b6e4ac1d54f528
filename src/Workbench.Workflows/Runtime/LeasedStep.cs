namespace Workbench.Workflows.Runtime;

/// <summary>A step that a worker holds, and what it is given. Owner and attempt guard every change it makes.</summary>
internal sealed record LeasedStep(string Owner, TimeSpan Timeout, StepContext Context);
