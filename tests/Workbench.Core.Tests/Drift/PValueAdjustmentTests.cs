using CsCheck;
using Workbench.Drift;

namespace Workbench.Core.Tests.Drift;

public sealed class PValueAdjustmentTests
{
    // Often equal, sometimes 0 or 1.
    private static readonly Gen<double[]> PValues = Gen.OneOf(Gen.Double[0, 1], Gen.Int[0, 10].Select(i => i / 10.0), Gen.Double[0, 0.05]).Array[1, 30];

    // 0.2 · 6 / 4 and 0.3 are one number to a reader and two to a processor.
    private const double Rounding = 1 + 1e-12;

    // Benjamini and Hochberg 1995 reject the k smallest, k being the largest rank with p(k) ≤ k α / m.
    [Fact]
    public void BenjaminiHochberg_AnyLevel_RejectsWhatTheStepUpProcedureRejects() => Gen.Select(PValues, Gen.Double[0.001, 0.5]).Sample((pValues, level) =>
    {
        var sorted = pValues.Order().ToList();
        int rank = Enumerable.Range(1, pValues.Length).LastOrDefault(k => sorted[k - 1] <= k * level / pValues.Length * Rounding);
        var adjusted = PValueAdjustment.Adjust(pValues, PValueCorrection.BenjaminiHochberg);
        Assert.Equal(pValues.Select(p => rank > 0 && p <= sorted[rank - 1]), adjusted.Select(p => p <= level * Rounding));
    }, iter: 2000);

    [Fact]
    public void Adjust_AnyCorrection_KeepsTheOrderAndNeverGetsSmaller() => PValues.Sample(pValues =>
    {
        var bonferroni = PValueAdjustment.Adjust(pValues, PValueCorrection.Bonferroni);
        var hochberg = PValueAdjustment.Adjust(pValues, PValueCorrection.BenjaminiHochberg);
        for (int i = 0; i < pValues.Length; i++)
        {
            Assert.True(pValues[i] <= hochberg[i] && hochberg[i] <= bonferroni[i] + 1e-15 && bonferroni[i] <= 1);
            Assert.Equal(Math.Min(1, pValues[i] * pValues.Length), bonferroni[i]);
            for (int j = 0; j < pValues.Length; j++)
                Assert.True(pValues[i] > pValues[j] || hochberg[i] <= hochberg[j]);
        }
    }, iter: 500);
}
