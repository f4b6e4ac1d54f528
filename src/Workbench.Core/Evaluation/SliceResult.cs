namespace Workbench.Evaluation;

/// <summary>One slice of the rows.</summary>
/// <param name="Name">The column's value, or <c>(missing)</c>.</param>
/// <param name="Rows">Rows in the slice.</param>
/// <param name="Estimate">The metric with its interval; null when there are too few rows, or they do not define it.</param>
/// <param name="IsTooSmall">Whether there are fewer rows than the minimum.</param>
/// <param name="IsWorse">Whether the whole interval lies on the bad side of the value over all rows.</param>
public sealed record SliceResult(string Name, int Rows, MetricEstimate? Estimate, bool IsTooSmall, bool IsWorse);
