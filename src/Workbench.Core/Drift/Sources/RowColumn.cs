namespace Workbench.Drift.Sources;

/// <summary>A column to read row by row.</summary>
internal readonly record struct RowColumn(string Name, RowType Type);
