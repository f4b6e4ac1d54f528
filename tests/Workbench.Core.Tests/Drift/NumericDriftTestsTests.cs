using Workbench.Drift;
using Workbench.Drift.Numeric;

namespace Workbench.Core.Tests.Drift;

/// <summary>Numeric tests against scipy 1.10 or, where scipy has none or is wrong, against their definition in numpy (drift_reference.py).</summary>
public sealed class NumericDriftTestsTests
{
    // Cancellation of 1e9 leaves about 1e-7 of a deviation.
    private static double Slack(string name) => name == "far from zero" ? 1e-5 : 1e-9;

    public static TheoryData<string> Names => [.. DriftReference.Numbers.Keys];

    public static TheoryData<string, string> SameAsScipy => new(
        from name in DriftReference.Numbers.Keys
        from test in new[] { "ks", "anderson-darling", "cramer-von-mises", "t", "welch", "epps-singleton" }
        select (name, test));

    [Theory]
    [MemberData(nameof(SameAsScipy))]
    public void Measure_StatisticAndPValue_AgreeWithScipy(string name, string test)
    {
        var measure = Measure(test, name);
        AssertFinite(measure);
        if (DriftReference.Expected("numeric", name, test) is not [double statistic, double pValue])
            return;
        // A pseudo-inverse of a nearly singular matrix, as of two values, keeps other digits.
        double slack = test == "epps-singleton" ? 1e-6 : Slack(name);
        AssertNear(statistic, measure.Statistic, slack);
        // kstwo: as KolmogorovDistribution promises. The others: scipy sums its series to 1e-7 only (Cramér-von Mises).
        double digits = test is "ks" or "cramer-von-mises" ? 3e-7 : 1e-12;
        Assert.Equal(pValue, measure.PValue!.Value, Math.Max(digits, 100 * slack * pValue));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Distances_AgreeWithScipy(string name)
    {
        AssertNear(DriftReference.Expected("numeric", name, "wasserstein")![0], Measure("wasserstein-raw", name).Statistic, Slack(name));
        if (DriftReference.Expected("numeric", name, "energy") is [double energy, double inhomogeneity])
        {
            var measure = Measure("energy", name);
            AssertNear(energy, measure.Statistic, Slack(name));
            AssertNear(inhomogeneity, measure.EffectSize!.Value, Slack(name));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void MannWhitney_PValueAndDelta_AgreeWithScipyAndTheWholeMatrix(string name)
    {
        var measure = Measure("mann-whitney", name);
        var (n, m) = (DriftReference.Numbers[name].A.Length, DriftReference.Numbers[name].B.Length);
        if (DriftReference.Expected("numeric", name, "mann-whitney") is [double u, double pValue])
        {
            Assert.Equal(pValue, measure.PValue!.Value, 1e-12);
            AssertNear(2 * u / ((double)n * m) - 1, measure.EffectSize!.Value, 1e-12);
        }
        if (DriftReference.Expected("numeric", name, "dominance") is [double delta, double low, double high])
        {
            AssertNear(delta, measure.EffectSize!.Value, 1e-12);
            AssertNear(low, measure.Confidence!.Value.Lower, 1e-9);
            AssertNear(high, measure.Confidence.Value.Upper, 1e-9);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void CohensD_AgreesWithNumpy(string name)
    {
        if (DriftReference.Expected("numeric", name, "cohen") is not [double d, double low, double high])
            return;
        foreach (var measure in new[] { Measure("t", name), Measure("welch", name) })
        {
            AssertNear(d, measure.EffectSize!.Value, Slack(name));
            AssertNear(low, measure.Confidence!.Value.Lower, Slack(name));
            AssertNear(high, measure.Confidence.Value.Upper, Slack(name));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void CramerVonMises_Ties_AgreeWithTheDefinition(string name)
    {
        var measure = Measure("cramer-von-mises", name);
        if (name == "constant reference" || name == "one row" || DriftReference.Expected("numeric", name, "cvm-statistic") is not [double statistic])
            return;
        AssertNear(statistic, measure.Statistic, 1e-9);
        if (DriftReference.Expected("numeric", name, "cvm-enumerated") is [double exact])
            Assert.Equal(exact, measure.PValue!.Value, 1e-12);
        // 40,000 permutations: four standard errors, and 3 % for the limit in place of a finite number of rows.
        else if (DriftReference.Expected("numeric", name, "cvm-permuted") is [double permuted])
            Assert.Equal(permuted, measure.PValue!.Value, 4 * Math.Sqrt(permuted * (1 - permuted) / 40_000) + 0.03 * permuted + 1e-4);
    }

    [Fact]
    public void CramerVonMises_Limit_AgreesWithImhofsIntegral()
    {
        for (int i = 0; i < DriftReference.Limits.Count; i++)
            Assert.Equal(DriftReference.Expected("limit", $"{i}", "p")![0], WeightedChiSquares.CramerVonMises(DriftReference.Limits[i]), 1e-6);
        // Anderson and Darling 1952, table 1: 0.46136 and 0.74346 are the upper 5 and 1 %.
        Assert.Equal(0.05, WeightedChiSquares.CramerVonMises(0.46136), 1e-6);
        Assert.Equal(0.01, WeightedChiSquares.CramerVonMises(0.74346), 1e-6);
    }

    [Fact]
    public void Survival_OneTwoAndThreeWeights_AreKnown()
    {
        // χ² of one degree of freedom: P(Z² ≥ 3.841459) = 0.05.
        Assert.Equal(0.05, WeightedChiSquares.Survival(2 * 3.841458820694124, [2.0]), 1e-9);
        // The same weights as the limit, far beyond what matters.
        var weights = Enumerable.Range(1, 400).Select(i => 1 / (Math.PI * Math.PI * i * i)).ToList();
        Assert.Equal(WeightedChiSquares.CramerVonMises(0.5), WeightedChiSquares.Survival(0.5 - 1.0 / 6 + weights.Sum(), weights), 1e-6);
        Assert.Equal(WeightedChiSquares.CramerVonMises(0.5), WeightedChiSquares.Survival(0.5 - 1.0 / 6 + weights.Take(399).Sum(), weights.Take(399).ToList()), 1e-6);
    }

    [Fact]
    public void TwoSided_StudentsDistribution_AgreesWithScipy()
    {
        for (int i = 0; i < DriftReference.Students.Count; i++)
        {
            double expected = DriftReference.Expected("student", $"{i}", "p")![0];
            Assert.Equal(expected, TTest.TwoSided(DriftReference.Students[i].T, DriftReference.Students[i].Degrees), 1e-9 * expected);
        }
    }

    public static TheoryData<string, string> All => new(
        from name in DriftReference.Numbers.Keys
        from test in DriftTests.Known.Where(test => DriftTests.Named(test).Compares(DriftColumnKind.Numeric))
        select (name, test));

    [Theory]
    [MemberData(nameof(All))]
    public void Measure_SortedRowsOrMergedValues_IsTheSame(string name, string test)
    {
        var pair = DriftReference.Pair(name);
        var one = DriftTests.Named(test);

        var (rows, merged) = (one.Measure(pair), one.Values!(pair.Merged).Finite());

        AssertFinite(rows);
        AssertNear(rows.Statistic, merged.Statistic, Slack(name));
        Assert.Equal(rows.PValue ?? 0, merged.PValue ?? 0, 1e-9);
        Assert.Equal(rows.EffectSize is null, merged.EffectSize is null);
    }

    private static DriftMeasure Measure(string test, string name) => DriftTests.Named(test).Measure(DriftReference.Pair(name));

    private static void AssertNear(double expected, double actual, double relative) => Assert.Equal(expected, actual, relative * Math.Max(1, Math.Abs(expected)));

    private static void AssertFinite(DriftMeasure measure)
    {
        Assert.True(double.IsFinite(measure.Statistic));
        Assert.True(measure.PValue is null or >= 0 and <= 1);
        Assert.True(measure.Confidence is null || measure.Confidence.Value.Lower <= measure.Confidence.Value.Upper);
    }
}
