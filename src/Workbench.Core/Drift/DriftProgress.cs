namespace Workbench.Drift;

/// <summary>How far a comparison is.</summary>
/// <param name="Done">Columns that were measured or left out.</param>
/// <param name="Total">Columns to look at.</param>
/// <param name="Column">The column that was done last.</param>
public sealed record DriftProgress(int Done, int Total, string Column);
