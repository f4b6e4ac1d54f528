namespace Workbench.Drift.Sources;

/// <summary>A column that both sides have.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ReferenceType">Its type in the reference, as DuckDB calls it.</param>
/// <param name="CurrentType">Its type in the current rows.</param>
internal sealed record CommonColumn(string Name, string ReferenceType, string CurrentType);
