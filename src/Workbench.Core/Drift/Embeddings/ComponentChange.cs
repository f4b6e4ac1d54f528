namespace Workbench.Drift.Embeddings;

/// <summary>How far one component of an embedding moved.</summary>
/// <param name="Component">Its name, or its number from 0.</param>
/// <param name="Distance">Wasserstein distance in standard deviations of the reference.</param>
public sealed record ComponentChange(string Component, double Distance);
