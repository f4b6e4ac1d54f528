using MathNet.Numerics;

namespace Workbench.Drift.Numeric;

/// <summary>The standard normal distribution.</summary>
internal static class NormalDistribution
{
    /// <summary>Half the width of a 95 % interval: Φ⁻¹(0.975).</summary>
    public const double Z95 = 1.959963984540054;

    /// <summary>P(Z ≥ z).</summary>
    public static double Survival(double z) => 0.5 * SpecialFunctions.Erfc(z / Constants.Sqrt2);

    /// <summary>P(|Z| ≥ |z|).</summary>
    public static double TwoSided(double z) => SpecialFunctions.Erfc(Math.Abs(z) / Constants.Sqrt2);
}
