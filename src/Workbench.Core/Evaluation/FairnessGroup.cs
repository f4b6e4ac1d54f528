namespace Workbench.Evaluation;

/// <summary>How a model treats one group.</summary>
/// <param name="Name">The column's value, or <c>(missing)</c>.</param>
/// <param name="Rows">Rows of the group.</param>
/// <param name="SelectionRate">Share of rows predicted 1.</param>
/// <param name="TruePositiveRate">Share predicted 1 of those labelled 1; null when none is.</param>
/// <param name="FalsePositiveRate">Share predicted 1 of those labelled 0; null when none is.</param>
/// <param name="IsTooSmall">Whether it has fewer rows than the minimum and so no part in the gaps.</param>
public sealed record FairnessGroup(string Name, int Rows, double SelectionRate, double? TruePositiveRate, double? FalsePositiveRate, bool IsTooSmall);
