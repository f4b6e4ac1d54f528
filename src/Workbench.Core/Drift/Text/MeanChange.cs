namespace Workbench.Drift.Text;

/// <summary>A mean on both sides.</summary>
/// <param name="Name">Of what, with its unit.</param>
/// <param name="ReferenceMean">Over the reference texts.</param>
/// <param name="CurrentMean">Over the current texts.</param>
public sealed record MeanChange(string Name, double ReferenceMean, double CurrentMean);
