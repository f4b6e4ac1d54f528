using Workbench.Drift;
using Workbench.Drift.Categorical;

namespace Workbench.Core.Tests.Drift;

/// <summary>Categorical tests against scipy 1.10 or, where scipy has none, against an enumeration in numpy (drift_reference.py).</summary>
public sealed class CategoricalDriftTestsTests
{
    public static TheoryData<string> Names => [.. DriftReference.Categories.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Contingency_AgreesWithScipy(string name)
    {
        Agree(name, "chi2", DriftTests.ChiSquared());
        Agree(name, "g", DriftTests.GTest());
        Agree(name, "yates", DriftTests.Named("chi2", DriftPreset.NannyMlCompatible));
        var (v, chi2) = (DriftTests.CramersV().Measure(DriftReference.Table(name)), DriftTests.ChiSquared().Measure(DriftReference.Table(name)));
        Assert.Equal((chi2.EffectSize!.Value, chi2.PValue), (v.Statistic, v.PValue));
        double rows = DriftReference.Categories[name].A.Sum() + DriftReference.Categories[name].B.Sum();
        Assert.Equal(Math.Sqrt(chi2.Statistic / rows), v.Statistic, 1e-12);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Distances_AgreeWithNumpy(string name)
    {
        var table = DriftReference.Table(name);
        Assert.Equal(DriftReference.Expected("categorical", name, "js")![0], DriftTests.JensenShannon().Measure(table).Statistic, 1e-7); // 0 of numpy is 1e-9
        Assert.Equal(DriftReference.Expected("categorical", name, "hellinger")![0], DriftTests.Hellinger().Measure(table).Statistic, 1e-12);
        Assert.Equal(DriftReference.Expected("categorical", name, "tvd")![0], DriftTests.TotalVariation(permutations: 1).Measure(table).Statistic, 1e-12);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Fisher_AgreesWithScipyAndTheEnumeration(string name)
    {
        if (DriftReference.Expected("categorical", name, "fisher") is not [double expected])
            return;
        var measure = DriftTests.FisherExact(draws: 20_000).Measure(DriftReference.Table(name));
        bool isExact = DriftReference.Categories[name].A.Length == 2;
        Assert.Equal(expected, measure.PValue!.Value, isExact ? 1e-6 * expected : 4 * Math.Sqrt(expected * (1 - expected) / 20_000) + 1e-4);
        Assert.Equal(!isExact, measure.Note is not null);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TotalVariation_Permuted_AgreesWithTheHypergeometricSum(string name)
    {
        if (DriftReference.Expected("categorical", name, "tvd-permuted") is not [double expected])
            return;
        double actual = DriftTests.TotalVariation(permutations: 20_000).Measure(DriftReference.Table(name)).PValue!.Value;
        Assert.Equal(expected, actual, 4 * Math.Sqrt(expected * (1 - expected) / 20_000) + 1e-4);
    }

    // By hand. Six names of one row each: every deal of three and three is as far apart. Two names on both sides alike: none is nearer.
    // {a, a, c} against {b, b}: of the 10 deals only this one and its mirror {b, b, c} are as far apart.
    [Fact]
    public void TotalVariation_SinglesAndPairs_AreCountedByHand()
    {
        var singles = DriftTests.TotalVariation().Measure(DriftReference.Table([1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1]));
        Assert.Equal((1.0, 1.0), (Math.Round(singles.Statistic, 12), singles.PValue!.Value));
        var pairs = DriftTests.TotalVariation().Measure(DriftReference.Table([1, 1, 0], [1, 1, 0]));
        Assert.Equal((0.0, 1.0), (pairs.Statistic, pairs.PValue!.Value));
        var mixed = DriftTests.TotalVariation(permutations: 20_000).Measure(DriftReference.Table([2, 0, 1], [0, 2, 0]));
        Assert.Equal(0.2, mixed.PValue!.Value, 5 * Math.Sqrt(0.2 * 0.8 / 20_000));
    }

    [Fact]
    public void TotalVariation_SameSeed_IsTheSame()
    {
        var table = DriftReference.Table("three");
        Assert.Equal(DriftTests.TotalVariation(seed: 3).Measure(table), DriftTests.TotalVariation(seed: 3).Measure(table));
        Assert.NotEqual(DriftTests.TotalVariation(permutations: 20_000, seed: 3).Measure(table).PValue, DriftTests.TotalVariation(permutations: 20_000, seed: 4).Measure(table).PValue);
    }

    // Newcombe 1998, table II, method 10, contrasts (a), (d) and (h): 56/70 - 48/80, 5/56 - 0/29 and 10/10 - 0/10.
    [Theory]
    [InlineData(56, 70, 48, 80, 0.0524, 0.3339)]
    [InlineData(5, 56, 0, 29, -0.0381, 0.1926)]
    [InlineData(10, 10, 0, 10, 0.6075, 1.0000)]
    public void TwoProportions_Interval_IsThatOfThePaper(long x, long n, long y, long m, double low, double high)
    {
        var measure = Workbench.Drift.Categorical.TwoProportions.Compare(y, m, x, n);
        Assert.Equal((double)x / n - (double)y / m, measure.EffectSize!.Value, 1e-15);
        Assert.Equal(low, measure.Confidence!.Value.Lower, 5e-5);
        Assert.Equal(high, measure.Confidence.Value.Upper, 5e-5);
    }

    [Fact]
    public void TwoProportions_TwoCategories_IsTheRootOfChiSquared()
    {
        var table = DriftReference.Table("two");
        var (z, chi2) = (DriftTests.TwoProportions().Measure(table), DriftTests.ChiSquared().Measure(table));
        Assert.Equal(chi2.Statistic, z.Statistic * z.Statistic, 1e-12);
        Assert.Equal(chi2.PValue!.Value, z.PValue!.Value, 1e-12);
        Assert.Contains("against all 2 others", DriftTests.TwoProportions().Measure(DriftReference.Table("three")).Note);
    }

    // By hand: ln((12·9)/(5·3)) of the table against the current rows: ln(12/5) - ln(3/9), ± 1.96 √(1/12 + 1/5 + 1/3 + 1/9).
    [Fact]
    public void Fisher_TwoCategories_HasTheLogarithmOfTheOddsRatio()
    {
        var measure = DriftTests.FisherExact().Measure(DriftReference.Table("two"));
        Assert.Equal(Math.Log(7.2), measure.EffectSize!.Value, 1e-12);
        Assert.Equal(Math.Log(7.2) - 1.959963984540054 * Math.Sqrt(1.0 / 12 + 1.0 / 5 + 1.0 / 3 + 1.0 / 9), measure.Confidence!.Value.Lower, 1e-12);
    }

    // By hand: C(5, 2) C(7, 3) / C(12, 5) = 10 · 35 / 792, and so on.
    [Fact]
    public void Hypergeometric_ChancesByHand_AddUpAndAreDrawn()
    {
        var distribution = new Hypergeometric(12, 5, 5);
        double[] expected = [21 / 792.0, 175 / 792.0, 350 / 792.0, 210 / 792.0, 35 / 792.0, 1 / 792.0];
        var random = new Random(1);
        var drawn = Enumerable.Range(0, 100_000).Select(_ => distribution.Draw(random)).CountBy(k => k).ToDictionary();
        for (int k = 0; k <= 5; k++)
        {
            Assert.Equal(expected[k], distribution.Chance(k), 1e-12);
            Assert.Equal(expected[k], drawn.GetValueOrDefault(k) / 100_000.0, 5 * Math.Sqrt(expected[k] / 100_000));
        }
    }

    // Mean n K / N and variance n K/N (1 - K/N) (N - n) / (N - 1).
    [Fact]
    public void Hypergeometric_LargeNumbers_HaveMeanAndVariance()
    {
        const double total = 3_000_000, marked = 900_000, taken = 1_000_000;
        var distribution = new Hypergeometric((long)total, (long)marked, (long)taken);
        var random = new Random(2);
        var drawn = Enumerable.Range(0, 4000).Select(_ => (double)distribution.Draw(random)).ToList();
        double mean = taken * marked / total, variance = mean * (1 - marked / total) * (total - taken) / (total - 1);
        Assert.Equal(mean, drawn.Average(), 5 * Math.Sqrt(variance / 4000));
        Assert.Equal(1, drawn.Average(value => (value - mean) * (value - mean)) / variance, 5 * Math.Sqrt(2.0 / 4000));
    }

    private static void Agree(string name, string key, DriftTest test)
    {
        var expected = DriftReference.Expected("categorical", name, key)!;
        var measure = test.Measure(DriftReference.Table(name));
        Assert.Equal(expected[0], measure.Statistic, 1e-9 * Math.Max(1, expected[0]));
        Assert.Equal(expected[1], measure.PValue!.Value, 1e-10);
    }
}
