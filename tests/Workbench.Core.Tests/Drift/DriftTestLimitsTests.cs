using CsCheck;
using Workbench.Drift;
using Workbench.Drift.Numeric;

namespace Workbench.Core.Tests.Drift;

/// <summary>What every test promises whatever the rows are.</summary>
public sealed class DriftTestLimitsTests
{
    // Distances that are the same from both sides; the others measure in the reference's deviation, bins or direction.
    private static readonly string[] Symmetric = ["wasserstein-raw", "ks", "anderson-darling", "cramer-von-mises", "epps-singleton"];
    private static readonly string[] Antisymmetric = ["mann-whitney", "t", "welch"];
    private static readonly string[] SymmetricTables = ["psi", "js", "hellinger", "l-infinity", "chi2", "g", "cramers-v"];

    // Few distinct values often, so that ties and constants come up.
    private static readonly double[] Extremes = [-1e300, 1e300, 1e-300, double.Epsilon, 0];
    private static readonly Gen<double[]> Rows = Gen.OneOf(Gen.Int[0, 3].Select(i => (double)i), Gen.Double[-5, 5], Gen.Int[0, 4].Select(i => Extremes[i])).Array[1, 40];
    private static readonly Gen<double[]> TameRows = Gen.OneOf(Gen.Int[0, 3].Select(i => (double)i), Gen.Double[-5, 5]).Array[1, 40];
    // Stretching and moving them loses no digit.
    private static readonly Gen<double[]> Eighths = Gen.Int[-40, 40].Select(i => i / 8.0).Array[1, 40];
    private static readonly Gen<(long[] A, long[] B)> Counts = Gen.Int[1, 6].SelectMany(k => Gen.Select(Gen.Long[0, 60].Array[k], Gen.Long[0, 60].Array[k]))
        .Where(both => both.Item1.Sum() > 0 && both.Item2.Sum() > 0).Select((a, b) => (a, b));

    private static readonly IReadOnlyList<DriftTest> All = Enum.GetValues<DriftPreset>()
        .SelectMany(preset => DriftTests.KnownIn(preset).Select(name => DriftTests.Named(name, preset))).ToList();

    [Fact]
    public void Numbers_AnyRows_GiveFiniteResults() => Gen.Select(Rows, Rows).Sample((a, b) =>
    {
        foreach (var test in All.Where(test => test.Compares(DriftColumnKind.Numeric)))
            RequireFinite(test, test.Measure(Pair(a, b)));
    }, iter: 300);

    // The chances of all outcomes of three rows a side add up to a hair more than 1.
    [Fact]
    public void MannWhitney_CertainOutcome_HasPValueOne() =>
        Assert.Equal(1, DriftTests.Named("mannw", DriftPreset.EvidentlyCompatible).Measure(Pair([2, 3, 1], [0, -1, -2])).PValue);

    [Fact]
    public void Tables_AnyCounts_GiveFiniteResults() => Counts.Sample((a, b) =>
    {
        foreach (var test in All.Where(test => test.Compares(DriftColumnKind.Categorical)))
            RequireFinite(test, Cheap(test).Measure(DriftReference.Table(a, b)));
    }, iter: 100);

    [Fact]
    public void Numbers_EqualSides_HaveNoDistanceAndNoSmallPValue() => TameRows.Sample(rows =>
    {
        // Those that compare drawn pairs or centres find a distance by chance between equal sides, too.
        foreach (var test in All.Where(test => test.Compares(DriftColumnKind.Numeric) && test.Name is not ("mmd" or "mmd-linear" or "lsdd")))
        {
            var measure = test.Measure(Pair(rows, rows));
            // Rank and moment statistics of equal sides are at or below their mean; Anderson-Darling's and Cramér-von Mises' of Evidently lie below it.
            Assert.True(measure.Statistic <= 1e-7, $"{test.Name}: {measure.Statistic}");
            Assert.True(measure.PValue is null or >= 0.25, $"{test.Name}: p {measure.PValue}"); // 0.25 is Anderson-Darling's largest
        }
    }, iter: 200);

    [Fact]
    public void Tables_Proportional_HaveNoDistance() => Gen.Select(Gen.Long[1, 60].Array[1, 6], Gen.Long[1, 5]).Sample((counts, factor) =>
    {
        foreach (var test in All.Where(test => test.Compares(DriftColumnKind.Categorical)))
        {
            var measure = Cheap(test).Measure(DriftReference.Table(counts, counts.Select(rows => rows * factor).ToArray()));
            Assert.Equal(0, measure.Statistic, 1e-7);
            Assert.True(measure.PValue is null or >= 0.5, $"{test.Name}: p {measure.PValue}");
        }
    }, iter: 100);

    [Fact]
    public void Numbers_SidesChanged_KeepTheDistance() => Gen.Select(TameRows, TameRows).Sample((a, b) =>
    {
        foreach (string name in Symmetric.Concat(Antisymmetric))
        {
            var (there, back) = (DriftTests.Named(name).Measure(Pair(a, b)), DriftTests.Named(name).Measure(Pair(b, a)));
            double sign = Antisymmetric.Contains(name) ? -1 : 1;
            Assert.Equal(there.Statistic, sign * back.Statistic, 1e-6 * Math.Max(1, Math.Min(1e9, Math.Abs(there.Statistic))));
            Assert.Equal(there.PValue ?? 0, back.PValue ?? 0, 1e-6);
        }
    }, iter: 300);

    [Fact]
    public void Tables_SidesChanged_KeepTheDistance() => Counts.Sample((a, b) =>
    {
        foreach (string name in SymmetricTables)
        {
            var (there, back) = (DriftTests.Named(name).Measure(DriftReference.Table(a, b)), DriftTests.Named(name).Measure(DriftReference.Table(b, a)));
            Assert.Equal(there.Statistic, back.Statistic, 1e-9);
            Assert.Equal(there.PValue ?? 0, back.PValue ?? 0, 1e-9);
        }
    }, iter: 200);

    [Fact]
    public void Numbers_RowsShuffled_AreTheSame() => Gen.Select(TameRows, TameRows, Gen.Int).Sample((a, b, seed) =>
    {
        double[] shuffled = [.. a];
        new Random(seed).Shuffle(shuffled);
        foreach (var test in All.Where(test => test.Compares(DriftColumnKind.Numeric)))
            Assert.Equal(test.Measure(Pair(a, b)), test.Measure(Pair(shuffled, b)));
    }, iter: 50);

    [Fact]
    public void Numbers_StretchedAndMoved_ScaleAsTheyShould() => Gen.Select(Eighths, Eighths).Sample((a, b) =>
    {
        var stretched = Pair(a.Select(value => 4 * value + 8).ToArray(), b.Select(value => 4 * value + 8).ToArray());
        foreach (string name in new[] { "ks", "wasserstein", "energy", "cramer-von-mises", "mann-whitney", "psi" })
            Assert.Equal(DriftTests.Named(name).Measure(Pair(a, b)).Statistic, DriftTests.Named(name).Measure(stretched).Statistic, 1e-6);
        Assert.Equal(4 * DriftTests.WassersteinRaw().Measure(Pair(a, b)).Statistic, DriftTests.WassersteinRaw().Measure(stretched).Statistic, 1e-9);
    }, iter: 200);

    [Theory]
    [InlineData("t", "One row a side has no spread")]
    [InlineData("welch", "A side has one row")]
    [InlineData("anderson-darling", "2 rows are too few")]
    [InlineData("epps-singleton", "fewer than 5 rows")]
    public void Numbers_OneRowASide_SayWhyNothingIsTested(string name, string note)
    {
        var measure = DriftTests.Named(name).Measure(Pair([1], [2]));
        Assert.Equal(1, measure.PValue);
        Assert.Contains(note, measure.Note);
    }

    private static NumericPair Pair(double[] a, double[] b) => new(NumericColumn.Of(a), NumericColumn.Of(b));

    // The many random tables of these two are not what is looked at.
    private static DriftTest Cheap(DriftTest test) => test.Name switch
    {
        "tvd" => DriftTests.TotalVariation(permutations: 50),
        "fisher" => DriftTests.FisherExact(draws: 50),
        _ => test,
    };

    private static void RequireFinite(DriftTest test, DriftMeasure measure)
    {
        Assert.True(double.IsFinite(measure.Statistic), $"{test.Name}: {measure}");
        Assert.True(measure.PValue is null or >= 0 and <= 1, $"{test.Name}: {measure}");
        Assert.True(double.IsFinite(measure.EffectSize ?? 0), $"{test.Name}: {measure}");
        Assert.True(measure.Confidence is null || measure.Confidence.Value.Lower <= measure.Confidence.Value.Upper, $"{test.Name}: {measure}");
    }
}
