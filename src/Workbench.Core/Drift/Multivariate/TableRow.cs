namespace Workbench.Drift.Multivariate;

/// <summary>One sampled row: its numbers, NaN where missing, and its categories, null where missing.</summary>
internal readonly record struct TableRow(double[] Numbers, string?[] Categories);
