namespace Workbench.Drift.Sources;

/// <summary>A column to read row by row.</summary>
internal sealed record RowColumn(string Name, RowType Type);
