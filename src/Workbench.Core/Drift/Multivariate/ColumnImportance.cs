namespace Workbench.Drift.Multivariate;

/// <summary>A column's part in a difference.</summary>
/// <param name="Column">Name.</param>
/// <param name="Share">In [0, 1]; all columns add up to 1.</param>
public sealed record ColumnImportance(string Column, double Share);
