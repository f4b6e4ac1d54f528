namespace Workbench.Drift.Causes;

/// <summary>The rows of a slice, or all rows, on both sides.</summary>
internal readonly record struct TallyPair(Tally Reference, Tally Current);
