namespace Workbench.Drift.Causes;

/// <summary>Rows that became more or fewer.</summary>
/// <param name="Conditions">One or two conditions that all hold.</param>
/// <param name="ReferenceShare">Their part of the reference rows, in [0, 1].</param>
/// <param name="CurrentShare">Their part of the current rows, in [0, 1].</param>
/// <param name="Divergence">What the slice adds to a Jeffreys divergence of slice and rest, (q - p) ln(q / p) for shares p and q, each at least half a row.</param>
/// <param name="Sentence">The same in words.</param>
public sealed record SliceMovement(IReadOnlyList<SliceCondition> Conditions, double ReferenceShare, double CurrentShare, double Divergence, string Sentence);
