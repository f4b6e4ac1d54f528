namespace Workbench.Drift;

/// <summary>A column that was not compared.</summary>
/// <param name="Column">Name.</param>
/// <param name="Kind">What it was taken for.</param>
/// <param name="Reason">Why it was left out, and how to have it compared.</param>
public sealed record SkippedColumn(string Column, DriftColumnKind Kind, string Reason);
