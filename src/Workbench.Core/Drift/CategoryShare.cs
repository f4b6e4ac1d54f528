namespace Workbench.Drift;

/// <summary>A category with its rows.</summary>
/// <param name="Category">The value.</param>
/// <param name="Rows">Rows that have it.</param>
/// <param name="Share">Part of the rows that have any category, in (0, 1].</param>
public sealed record CategoryShare(string Category, long Rows, double Share);
