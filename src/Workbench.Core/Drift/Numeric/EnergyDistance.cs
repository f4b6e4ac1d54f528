namespace Workbench.Drift.Numeric;

/// <summary>
/// The energy distance √(2 ∫ (F - G)² dx) of two samples (Székely and Rizzo 2013, J. Statist. Plann. Inference 143, 1249-1272).
/// The effect size is their coefficient of inhomogeneity, ∫ (F - G)² / ∫ (F (1 - G) + G (1 - F)), in [0, 1].
/// </summary>
internal static class EnergyDistance
{
    /// <summary>Of the values in standard deviations of the reference.</summary>
    public static DriftMeasure Normed(MergedValues merged)
    {
        double deviation = merged.ReferenceSide.StandardDeviation;
        if (deviation > 0)
            return Measure(merged, deviation, null);
        return merged.Distinct < 2
            ? new(0, EffectSize: 0)
            : Measure(merged, WeightedMoments.TotalDeviation(merged.ReferenceSide, merged.CurrentSide), "The reference is constant: measured in standard deviations of both sides together.");
    }

    /// <summary>Of the values as they are: in the root of the column's unit.</summary>
    public static DriftMeasure Raw(MergedValues merged) => Measure(merged, 1, null);

    private static DriftMeasure Measure(MergedValues merged, double unit, string? note)
    {
        double between = 0, across = 0;
        long i = 0, j = 0;
        for (int k = 0; k + 1 < merged.Distinct; k++)
        {
            i += merged.Reference[k];
            j += merged.Current[k];
            double width = merged.Values[k + 1] / unit - merged.Values[k] / unit;
            double f = (double)i / merged.ReferenceCount, g = (double)j / merged.CurrentCount;
            between += (f - g) * (f - g) * width;
            across += (f * (1 - g) + g * (1 - f)) * width;
        }
        return new(Math.Sqrt(2 * between), EffectSize: across > 0 ? between / across : 0, Note: note);
    }
}
