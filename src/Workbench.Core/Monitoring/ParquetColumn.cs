namespace Workbench.Monitoring;

/// <summary>A column to write: its name, its DuckDB type and the value of each row (null, string, double, int or DateTime).</summary>
internal sealed record ParquetColumn(string Name, string Type, Func<int, object?> Value);
