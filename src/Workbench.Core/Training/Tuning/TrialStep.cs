namespace Workbench.Training.Tuning;

/// <summary>A value that a trial reported on its way.</summary>
/// <param name="Step">Resource spent so far, such as epochs; from 1.</param>
/// <param name="Value">The value, finite.</param>
public sealed record TrialStep(long Step, double Value);
