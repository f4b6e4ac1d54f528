namespace Workbench.Workflows.Storage;

/// <summary>How a time of a run must compare with a moment.</summary>
public sealed record RunTimeCondition(RunTime Of, RunTimeComparison Comparison, DateTimeOffset At);
