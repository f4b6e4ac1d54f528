namespace Workbench.Workflows.Runtime;

/// <summary>A step that a worker holds, what it is given, and how many of the worker's places it takes. Owner and attempt guard every change it makes.</summary>
internal sealed record LeasedStep(string Owner, TimeSpan Timeout, StepContext Context, int Places);
