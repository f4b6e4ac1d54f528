namespace Workbench.Drift.Text;

/// <summary>A share on both sides.</summary>
/// <param name="Name">Of what.</param>
/// <param name="ReferenceShare">In [0, 1].</param>
/// <param name="CurrentShare">In [0, 1].</param>
public sealed record ShareChange(string Name, double ReferenceShare, double CurrentShare);
