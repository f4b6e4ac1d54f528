namespace Workbench.Evaluation.Estimation;

/// <summary>Rows that are judged together.</summary>
/// <param name="Name">What a picture calls them.</param>
/// <param name="First">The first row, from 0.</param>
/// <param name="Rows">Their number, at least 1.</param>
public sealed record EstimationChunk(string Name, int First, int Rows);
