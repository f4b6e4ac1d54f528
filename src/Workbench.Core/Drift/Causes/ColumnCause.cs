namespace Workbench.Drift.Causes;

/// <summary>How much of a quantity's change the shift of one column explains.</summary>
/// <param name="Column">Name.</param>
/// <param name="Mix">
/// The change of the mean that comes from the column's rows moving between its bins, Σ (q - p)·((m + n)/2 - μ) over bins.
/// Columns that move together explain the same change, so that these do not add up over columns.
/// </param>
/// <param name="ShareOfChange">The same as a part of the change.</param>
public sealed record ColumnCause(string Column, double Mix, double ShareOfChange);
