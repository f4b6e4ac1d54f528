namespace Workbench.Drift.Sources;

/// <summary>What one column is called on each side.</summary>
internal sealed record RenamedColumn(string Reference, string Current);
