using Workbench.Drift;
using Workbench.Drift.Presets;

namespace Workbench.Core.Tests.Drift;

/// <summary>The compatible presets against numpy and scipy, written down from the formulas of Evidently 0.7.21 and NannyML 0.13.1 (drift_reference.py).</summary>
public sealed class DriftPresetTests
{
    // Evidently's name of a test, and where its score is a p-value the place of it in what scipy gives.
    private static readonly (string Test, string Key, int? PValue)[] EvidentlyNumeric =
    [
        ("ks", "ks", 1), ("wasserstein", "evidently-wasserstein", null), ("jensenshannon", "evidently-jensenshannon", null), ("psi", "evidently-psi", null),
        ("kl_div", "evidently-kl_div", null), ("hellinger", "evidently-hellinger", null), ("ed", "energy-raw", null), ("anderson", "anderson-darling", 1),
        ("cramer_von_mises", "scipy-cvm", 1), ("mannw", "mannw", 0), ("t_test", "t", 1), ("es", "epps-singleton", 1), ("chisquare", "evidently-chisquare", 0), ("z", "evidently-z", 0),
    ];

    public static TheoryData<string, string> Numeric => new(from name in DriftReference.Numbers.Keys from one in EvidentlyNumeric select (name, one.Test));

    public static TheoryData<string, string> NannyMlNumeric => new(
        from name in DriftReference.Numbers.Keys from test in new[] { "jensen_shannon", "kolmogorov_smirnov", "wasserstein", "hellinger" } select (name, test));

    public static TheoryData<string> Tables => [.. DriftReference.Categories.Keys];

    [Theory]
    [MemberData(nameof(Numeric))]
    public void Evidently_NumericScore_IsItsFormula(string name, string test)
    {
        var (_, key, place) = EvidentlyNumeric.Single(one => one.Test == test);
        var measure = DriftTests.Named(test, DriftPreset.EvidentlyCompatible).Measure(DriftReference.Pair(name));
        Assert.True(double.IsFinite(measure.Statistic) && measure.PValue is null or >= 0 and <= 1);
        if (DriftReference.Expected("numeric", name, key) is not { } expected)
            return;
        if (place is { } index)
            Assert.Equal(expected[index], measure.PValue!.Value, Math.Max(3e-7, 1e-4 * expected[index] * (name == "far from zero" ? 1 : 0))); // as the tests themselves
        else if (key is "evidently-hellinger" or "evidently-jensenshannon")
            Assert.Equal(expected[0] * expected[0], measure.Statistic * measure.Statistic, 1e-12); // the root of a difference of ones
        else
            Assert.Equal(expected[0], measure.Statistic, (name == "far from zero" ? 1e-5 : 1e-9) * Math.Max(1, expected[0]));
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void Evidently_CategoricalScore_IsItsFormula(string name)
    {
        foreach (string test in new[] { "jensenshannon", "psi", "kl_div", "hellinger", "chisquare", "z", "g_test" })
        {
            var measure = DriftTests.Named(test, DriftPreset.EvidentlyCompatible).Measure(DriftReference.Table(name));
            if (DriftReference.Expected("categorical", name, "evidently-" + test) is not { } expected)
                continue;
            if (test is "chisquare" or "z" or "g_test")
                Assert.Equal(expected[0], measure.PValue!.Value, 1e-12);
            else
                Assert.Equal(expected[0] * expected[0], measure.Statistic * measure.Statistic, 1e-12);
        }
    }

    [Fact]
    public void Evidently_UnseenCategory_HasPValueZero()
    {
        var measure = DriftTests.Named("chisquare", DriftPreset.EvidentlyCompatible).Measure(DriftReference.Table("unseen"));
        Assert.Equal(0, measure.PValue);
        Assert.Contains("the reference lacks", measure.Note);
        Assert.True(DriftTests.ChiSquared().Measure(DriftReference.Table("unseen")).PValue > 0.001); // Workbench: one row of 1,000
    }

    // stattests/*.py: the comparison in each function's last line, and default_threshold.
    [Theory]
    [InlineData("ks", 0.05, DriftDirection.PValueAtOrBelow)]
    [InlineData("wasserstein", 0.1, DriftDirection.StatisticAtOrAbove)]
    [InlineData("jensenshannon", 0.1, DriftDirection.StatisticAtOrAbove)]
    [InlineData("psi", 0.1, DriftDirection.StatisticAtOrAbove)]
    [InlineData("kl_div", 0.1, DriftDirection.StatisticAtOrAbove)]
    [InlineData("hellinger", 0.1, DriftDirection.StatisticAtOrAbove)]
    [InlineData("ed", 0.1, DriftDirection.StatisticAbove)]
    [InlineData("anderson", 0.1, DriftDirection.PValueBelow)]
    [InlineData("cramer_von_mises", 0.1, DriftDirection.PValueAtOrBelow)]
    [InlineData("mannw", 0.05, DriftDirection.PValueBelow)]
    [InlineData("t_test", 0.05, DriftDirection.PValueBelow)]
    [InlineData("es", 0.05, DriftDirection.PValueBelow)]
    [InlineData("chisquare", 0.05, DriftDirection.PValueBelow)]
    [InlineData("z", 0.05, DriftDirection.PValueBelow)]
    [InlineData("g_test", 0.1, DriftDirection.PValueBelow)]
    [InlineData("fisher_exact", 0.1, DriftDirection.PValueBelow)]
    [InlineData("TVD", 0.1, DriftDirection.PValueBelow)]
    public void Evidently_ThresholdAndComparison_AreItsOwn(string name, double threshold, DriftDirection direction)
    {
        var test = DriftTests.Named(name, DriftPreset.EvidentlyCompatible);
        Assert.Equal((name, threshold, direction), (test.Name, test.Threshold, test.Direction));
    }

    // stattests/registry.py, _get_default_stattest.
    [Theory]
    [InlineData(DriftColumnKind.Numeric, 1000, 2, "z")]
    [InlineData(DriftColumnKind.Numeric, 1000, 5, "chisquare")]
    [InlineData(DriftColumnKind.Numeric, 1000, 6, "ks")]
    [InlineData(DriftColumnKind.Numeric, 1001, 5, "jensenshannon")]
    [InlineData(DriftColumnKind.Numeric, 1001, 6, "wasserstein")]
    [InlineData(DriftColumnKind.Categorical, 1000, 2, "z")]
    [InlineData(DriftColumnKind.Boolean, 1000, 2, "z")]
    [InlineData(DriftColumnKind.Categorical, 1000, 6, "chisquare")]
    [InlineData(DriftColumnKind.Categorical, 1001, 2, "jensenshannon")]
    public void Evidently_RowsAndValues_ChooseTheTest(DriftColumnKind kind, long rows, int distinct, string name) =>
        Assert.Equal(name, Assert.Single(PresetRules.Of(DriftPreset.EvidentlyCompatible).Choose(new(kind, rows, distinct))).Name);

    [Theory]
    [InlineData("counts", 5)]
    [InlineData("two values", 2)]
    [InlineData("few tied", 4)]
    [InlineData("shifted", ColumnSize.CountedDistinct)]
    public void ColumnSize_DistinctValues_AreCountedOverBothSides(string name, int distinct)
    {
        var pair = DriftReference.Pair(name);
        Assert.Equal(distinct, ColumnSize.Of(pair.Reference, pair.Current).Distinct);
        Assert.Equal(distinct, ColumnSize.Of(pair.Merged.ReferenceSide, pair.Merged.CurrentSide).Distinct);
    }

    [Theory]
    [MemberData(nameof(NannyMlNumeric))]
    public void NannyMl_NumericDistance_IsItsFormula(string name, string test)
    {
        double expected = DriftReference.Expected("numeric", name, "nannyml-" + test)![0];
        var (one, pair) = (DriftTests.Named(test, DriftPreset.NannyMlCompatible), DriftReference.Pair(name));
        double slack = (name == "far from zero" ? 1e-5 : 1e-9) * Math.Max(1, expected);
        if (test is "hellinger" or "jensen_shannon") // the root of a difference of ones
            Assert.Equal(expected * expected, one.Measure(pair).Statistic * one.Measure(pair).Statistic, 1e-12);
        else
            Assert.Equal(expected, one.Measure(pair).Statistic, slack);
        Assert.Equal(one.Measure(pair).Statistic, one.Values!(pair.Merged).Statistic, slack);
        Assert.Equal((0.1, DriftDirection.StatisticAbove), (one.Threshold, one.Direction));
    }

    [Fact]
    public void NannyMl_DefaultMethod_IsJensenShannon()
    {
        foreach (var kind in new[] { DriftColumnKind.Numeric, DriftColumnKind.Categorical, DriftColumnKind.Boolean })
            Assert.Equal("jensen_shannon", Assert.Single(PresetRules.Of(DriftPreset.NannyMlCompatible).Choose(new(kind, 5, 2))).Name);
        var chi2 = DriftTests.Named("chi2", DriftPreset.NannyMlCompatible);
        Assert.Equal((0.05, DriftDirection.PValueBelow), (chi2.Threshold, chi2.Direction));
    }

    [Theory]
    [InlineData("workbench", DriftPreset.Workbench)]
    [InlineData("Evidently", DriftPreset.EvidentlyCompatible)]
    [InlineData("NannyMlCompatible", DriftPreset.NannyMlCompatible)]
    public void Parse_KnownName_IsThePreset(string name, DriftPreset preset) => Assert.Equal(preset, DriftPresets.Parse(name));

    [Fact]
    public void Parse_UnknownName_NamesTheNearest() => Assert.StartsWith(
        "Unknown drift preset 'evidentli'. Did you mean 'evidently'? Known: workbench, evidently, nannyml.", Assert.Throws<ArgumentException>(() => DriftPresets.Parse("evidentli")).Message);

    [Fact]
    public void Named_EveryKnownName_IsATestOfThatName()
    {
        foreach (var preset in Enum.GetValues<DriftPreset>())
            foreach (string name in DriftTests.KnownIn(preset))
                Assert.Equal(name, DriftTests.Named(name, preset).Name);
        Assert.Contains("Did you mean 'jensenshannon'?", Assert.Throws<ArgumentException>(() => DriftTests.Named("jensen-shannon", DriftPreset.EvidentlyCompatible)).Message);
    }
}
