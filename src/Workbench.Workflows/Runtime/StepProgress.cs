namespace Workbench.Workflows.Runtime;

/// <summary>How far a step is, in words, and where its log lies; null leaves what was said before.</summary>
public sealed record StepProgress(string? Message, string? LogFile = null);
