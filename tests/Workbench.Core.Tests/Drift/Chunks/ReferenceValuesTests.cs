using Workbench.Drift.Chunks;
using Workbench.Drift.Numeric;

namespace Workbench.Core.Tests.Drift.Chunks;

/// <summary>The grouped reference against the whole merge of all values, a second way to the same.</summary>
public sealed class ReferenceValuesTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(1_700_000_000, true)] // packed far from zero
    public void Merge_LargeReference_GivesTheStatisticsOfTheWholeMerge(double offset, bool without)
    {
        // Half of it heavy-tailed: e^(2 x) has its variance in a few values.
        double[] values = [.. Samples.Bell(1, 20_000).Select((x, i) => offset + (i % 2 == 0 ? x : Math.Exp(2 * x)))];
        double[] chunk = without ? Samples.Sorted(values.Where((_, i) => i % 50 == 0)) : Samples.Sorted(Samples.Bell(2, 400).Select(x => offset + 0.3 + x));
        double[] rest = without ? [.. values.Where((_, i) => i % 50 != 0)] : values;
        var reference = new ReferenceValues(NumericColumn.Of(values), 50);

        var merged = reference.Merge(new(chunk, 0, chunk.Length), Places(reference, chunk), without);

        Assert.False(reference.IsExact);
        Assert.InRange(merged.Values.Length, chunk.Length, 3 * chunk.Length + 2100);
        var whole = new NumericPair(NumericColumn.Of(rest), NumericColumn.Of(chunk));
        Assert.Equal((whole.Reference.Count, whole.Current.Count), (merged.ReferenceCount, merged.CurrentCount));
        Assert.Equal(merged.Values.Order().Distinct(), merged.Values);
        // The mean of a cell, and so the area, is known to the last digits of its values.
        double tolerance = offset == 0 ? 1e-10 : 1e-7;
        Assert.Equal(KolmogorovSmirnov.Compare(whole.Reference.Values, whole.Current.Values).Statistic, KolmogorovSmirnov.Compare(merged).Statistic, 1e-12);
        Assert.Equal(EarthMover.Compare(whole).Statistic, EarthMover.Compare(merged).Statistic, tolerance);
        Assert.Equal(whole.Reference.Mean, merged.ReferenceSide.Mean, offset == 0 ? 1e-10 : 1e-5); // a plain sum of 20,000 large numbers is no better
        Assert.Equal(whole.Reference.StandardDeviation, merged.ReferenceSide.StandardDeviation, tolerance);
        Assert.Equal(whole.Reference.Skewness, merged.ReferenceSide.Skewness, offset == 0 ? 1e-9 : 1e-4);
        Assert.Equal(whole.Current.StandardDeviation, merged.CurrentSide.StandardDeviation, tolerance);
        foreach (int rank in new[] { 0, 1, rest.Length / 3, rest.Length - 1 })
        {
            Assert.Equal(whole.Reference.At(rank), merged.ReferenceSide.At(rank));
            Assert.Equal(whole.Reference.Below(whole.Reference.At(rank)), merged.ReferenceSide.Below(whole.Reference.At(rank)));
        }
    }

    [Fact]
    public void Merge_FewDistinctValues_IsExact()
    {
        double[] values = [.. Samples.Uniform(3, 5000).Select(x => Math.Floor(x * 24))], chunk = Samples.Sorted(values.Take(30).Append(99));
        var reference = new ReferenceValues(NumericColumn.Of(values), 50);

        var merged = reference.Merge(new(chunk, 0, chunk.Length), Places(reference, chunk), without: false);

        var whole = MergedValues.Of(Samples.Sorted(values), chunk);
        Assert.True(reference.IsExact);
        Assert.Equal(whole.Values, merged.Values);
        Assert.Equal(whole.Reference, merged.Reference);
        Assert.Equal(whole.Current, merged.Current);
    }

    [Fact]
    public void Without_AChunk_LeavesTheOthers() => Assert.Equal(
        [1, 2, 4],
        new ReferenceValues(NumericColumn.Of([4, 2, 2, 3, 1]), 2).Without([2, 3]).Values.ToArray());

    [Fact]
    public void Merge_ValuesAtTheEndOfTheRange_StayFinite()
    {
        double[] values = [.. Enumerable.Range(0, 4000).Select(i => double.MaxValue / 2000 * (i - 2000))];
        var reference = new ReferenceValues(NumericColumn.Of(values), 50);

        var merged = reference.Merge(new([0.5], 0, 1), Places(reference, [0.5]), without: false);

        Assert.All(merged.Values, value => Assert.True(double.IsFinite(value)));
        Assert.Equal(4000, merged.ReferenceCount);
    }

    private static int[] Places(ReferenceValues reference, double[] ascending)
    {
        int place = 0;
        return [.. ascending.Select(value => place = reference.Place(value, place))];
    }
}
