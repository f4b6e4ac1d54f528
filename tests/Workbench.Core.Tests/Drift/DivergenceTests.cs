using Workbench.Drift;
using Workbench.Drift.Categorical;
using Workbench.Drift.Numeric;

namespace Workbench.Core.Tests.Drift;

public sealed class DivergenceTests
{
    private static readonly ShareTable Table = new([50, 30, 20], [40, 20, 40]);

    // (0.4-0.5) ln(0.4/0.5) + (0.2-0.3) ln(0.2/0.3) + (0.4-0.2) ln(0.4/0.2), by hand.
    [Fact]
    public void PopulationStability_ThreeCategories_IsTheSumByHand() =>
        Assert.Equal(0.1 * Math.Log(1.25) + 0.1 * Math.Log(1.5) + 0.2 * Math.Log(2), Divergence.PopulationStability(Table), 1e-15);

    // An empty share of 1,000 rows counts as half a row, 0.0005: 0.1 ln(0.1 / 0.0005) and -0.1 ln(0.9 / 1).
    [Fact]
    public void PopulationStability_EmptyShare_CountsHalfARow() =>
        Assert.Equal(0.0995 * Math.Log(0.1 / 0.0005) - 0.1 * Math.Log(0.9), Divergence.PopulationStability(new([1000, 0], [900, 100])), 1e-12);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 5)] // 5 of 100,005 rows: less than one in ten thousand
    [InlineData(5, 0)]
    public void PopulationStability_CellTooSmallToTellFromZero_AddsNothing(long reference, long current) =>
        Assert.Equal(0, Divergence.PopulationStability(new([50_000, reference, 50_000], [50_000, current, 50_000])), 1e-8);

    // scipy 1.10.1: jensenshannon([.5, .3, .2], [.4, .2, .4], base=2)
    [Fact]
    public void JensenShannon_ThreeCategories_AgreesWithScipy() => Assert.Equal(0.18918079776442961, Divergence.JensenShannon(Table), 1e-14);

    [Fact]
    public void JensenShannon_NothingInCommon_IsOne() => Assert.Equal(1, Divergence.JensenShannon(new([5, 0], [0, 7])), 1e-15);

    [Fact]
    public void LInfinity_ThreeCategories_IsTheLargestChange() => Assert.Equal(0.2, Divergence.LInfinity(Table), 1e-15);

    // scipy 1.10.1: chi2_contingency([[50, 30, 20], [40, 20, 40]], correction=False)[:2]; V = sqrt(chi2 / 200)
    [Fact]
    public void ChiSquared_ThreeCategories_AgreesWithScipy()
    {
        var measure = ContingencyTable.ChiSquared(Table);

        Assert.Equal(9.777777777777779, measure.Statistic, 1e-12);
        Assert.Equal(0.007529784255650024, measure.PValue!.Value, 1e-12);
        Assert.Equal(Math.Sqrt(9.777777777777779 / 200), measure.EffectSize!.Value, 1e-12);
    }

    [Fact]
    public void ChiSquared_OneUnseenRowAmongMany_IsNoAlarm()
    {
        // One way with expected counts from the reference, as Evidently does it, would divide by 0 here and give p = 0.
        var measure = ContingencyTable.ChiSquared(new([5000, 5000, 0], [500, 499, 1]));

        // scipy 1.10.1: chi2_contingency([[5000, 5000, 0], [500, 499, 1]], correction=False)[1]
        Assert.Equal(0.006731823263254257, measure.PValue!.Value, 1e-12);
        Assert.Contains("1 of 3 categories expect fewer than 5 rows", measure.Note);
    }

    // Benjamini and Hochberg by hand, m = 4: p(4) = 0.8; p(3)·4/3 = 0.04; p(2)·4/2 = 0.04, p(1)·4 = 0.04.
    [Fact]
    public void Adjust_BenjaminiHochberg_TakesTheSmallestFromAbove() =>
        Assert.Equal([0.8, 0.04, 0.04, 0.04], PValueAdjustment.Adjust([0.8, 0.01, 0.03, 0.02], PValueCorrection.BenjaminiHochberg).Select(p => Math.Round(p, 12)));

    [Fact]
    public void Adjust_Bonferroni_MultipliesUpToOne() =>
        Assert.Equal([1, 0.03, 0.6], PValueAdjustment.Adjust([0.5, 0.01, 0.2], PValueCorrection.Bonferroni).Select(p => Math.Round(p, 12)));

    [Fact]
    public void ByQuantiles_MostlyZeros_GiveZeroItsOwnBin()
    {
        double[] values = [.. Enumerable.Repeat(0.0, 60), .. Enumerable.Range(1, 40).Select(i => (double)i)];

        var edges = NumericBins.ByQuantiles(NumericColumn.Of(values), 10);
        var counts = NumericBins.Count(values, edges);

        Assert.Equal(0, counts[0]);
        Assert.Equal(60, counts[1]);
        Assert.Equal(0, counts[^1]);
        Assert.Equal(100, counts.Sum());
    }

    [Fact]
    public void RadixSort_ManySignsAndSizes_EqualsArraySort()
    {
        var random = new Random(7);
        var values = Enumerable.Range(0, 20_000).Select(_ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-300, 300))).Append(0).ToArray();
        var expected = Samples.Sorted(values);

        RadixSort.Sort(values);

        Assert.Equal(expected, values);
    }

    [Theory]
    [InlineData(3000)]
    [InlineData(20_000)]
    public void RadixSort_WithTags_KeepsEachByItsValue(int count)
    {
        var random = new Random(8);
        double[] values = [.. Enumerable.Range(0, count).Select(_ => Math.Round((random.NextDouble() - 0.5) * 2000) / 8)], sorted = [.. values];
        int[] tags = [.. Enumerable.Range(0, count)];

        RadixSort.Sort(sorted, tags);

        Assert.Equal(Samples.Sorted(values), sorted);
        Assert.Equal(sorted, tags.Select(tag => values[tag]));
        Assert.Equal(Enumerable.Range(0, count), tags.Order());
    }
}
