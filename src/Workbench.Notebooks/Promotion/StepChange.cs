namespace Workbench.Notebooks.Promotion;

/// <summary>What became of a step since it was promoted.</summary>
/// <param name="Step">Name of the step.</param>
/// <param name="What">A sentence: added, removed, or which cells and settings changed.</param>
/// <param name="Diff">The changed cells as unified diffs, by cell id; empty when only settings changed.</param>
public sealed record StepChange(string Step, string What, string Diff);
