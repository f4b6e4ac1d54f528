using DuckDB.NET.Data;
using Workbench.Drift;
using Workbench.Drift.Numeric;
using Workbench.Drift.Sketches;

namespace Workbench.Core.Tests.Drift.Sketches;

public sealed class NumericSketchTests
{
    public static TheoryData<string> EveryShape => new(Shapes.Names);

    [Theory, MemberData(nameof(EveryShape))]
    public void Merge_OfParts_IsTheSketchOfAll(string shape)
    {
        double[] all = [.. Shapes.Draw(shape, 1, 30_000), .. Shapes.Draw(shape, 2, 20_000, 0.5), double.NaN, double.PositiveInfinity];
        var whole = NumericSketch.Of(all);

        foreach (int parts in new[] { 2, 7 })
        {
            // Every seventh value a part, so that each part sees the whole range; merged in another order than read.
            var merged = Enumerable.Range(0, parts).Reverse()
                .Select(part => NumericSketch.Of(all.Where((_, i) => i % parts == part).ToArray())).Aggregate(NumericSketch.Merge);
            AssertSame(whole, merged);
        }
    }

    [Theory, MemberData(nameof(EveryShape))]
    public void Of_AnyShape_HasTheFinestShiftThatFits(string shape)
    {
        double[] values = Shapes.Draw(shape, 3, 40_000);

        var sketch = NumericSketch.Of(values);

        // Counted by hand: distinct keys without their lowest bits.
        long Bins(int shift) => values.Select(value => SketchKey.Of(value) >> shift).Distinct().LongCount();
        Assert.Equal(Bins(sketch.Shift), sketch.Bins.Length);
        Assert.InRange(sketch.Bins.Length, 1, NumericSketch.MaxBins);
        Assert.True(sketch.Shift == 0 || Bins(sketch.Shift - 1) > NumericSketch.MaxBins);
    }

    [Theory, MemberData(nameof(EveryShape))]
    public void Of_AnyShape_KeepsCountSumAndRangeOfEachBin(string shape)
    {
        double[] values = Shapes.Draw(shape, 4, 40_000);

        var sketch = NumericSketch.Of(values);

        var groups = values.GroupBy(value => SketchKey.Of(value) >> sketch.Shift).OrderBy(group => group.Key).ToList();
        foreach (var (group, bin) in groups.Zip(sketch.Bins))
        {
            Assert.Equal((group.Key, group.LongCount(), group.Min(), group.Max()), (bin.Bin, bin.Count, bin.Min, bin.Max));
            // In decimal where it fits: exact. Rounding of at most count additions of numbers below the bin's width.
            double edge = SketchKey.Edge(bin.Bin, sketch.Shift), expected = group.Sum(value => value - edge);
            Assert.InRange(bin.Offset, expected - bin.Count * 1e-15 * (bin.Max - edge), expected + bin.Count * 1e-15 * (bin.Max - edge));
        }
        Assert.Equal(groups.Count, sketch.Bins.Length);
    }

    [Fact]
    public void Of_FewDistinctValues_IsExact()
    {
        var sketch = NumericSketch.Of([3, -1.5, 3, 0.0, -0.0, 7, double.NaN]);

        Assert.True(sketch.IsExact);
        Assert.Equal([(-1.5, 1L), (0, 2L), (3, 2L), (7, 1L)], sketch.Bins.Select(bin => (bin.Min, bin.Count)));
        Assert.Equal((6, 1, 7), (sketch.Count, sketch.NotFinite, sketch.Rows));
    }

    [Fact]
    public void Of_Timestamps_HasBinsOfMinutes()
    {
        // 22 bits of the key would be two bins of twelve days each: 2^30 / 2^10 seconds.
        var sketch = NumericSketch.Of(Shapes.Draw("timestamps", 5, 200_000));

        Assert.InRange(sketch.Bins.Max(bin => bin.Max - bin.Min), 1, 300);
    }

    [Fact]
    public void Moments_MergedInParts_AreThoseOfAll()
    {
        double[] values = Shapes.Draw("ids", 6, 50_001);

        var merged = values.Chunk(977).Select(part => MergeableMoments.Of(part)).Aggregate((a, b) => a.Merge(b));

        // Whole numbers in decimal, which has 28 digits: exact as seen from a double.
        decimal mean = values.Sum(value => (decimal)(long)value) / values.Length;
        double variance = (double)(values.Sum(value => ((decimal)(long)value - mean) * ((decimal)(long)value - mean)) / values.Length);
        Assert.Equal(values.Length, merged.Count);
        Assert.Equal((double)mean, merged.Mean);
        Assert.Equal(1, merged.Variance / variance, 1e-12);
    }

    [Fact]
    public void Sketch_OfAFile_IsTheSketchOfItsValues()
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        const string sql = "SELECT if(i % 10 = 0, NULL, if(i % 97 = 0, 'nan'::DOUBLE, sin(i) * 1000)) AS x, i AS n FROM range(30000) t(i)";
        using var input = DriftSource.Query(connection, sql).Open();
        using var reader = input.Connect();

        var sketches = reader.Sketch(["n", "x"], TestContext.Current.CancellationToken);

        AssertSame(NumericSketch.Of(Enumerable.Range(0, 30_000).Select(i => (double)i).ToArray()), sketches[0]);
        var values = reader.Numbers("x", TestContext.Current.CancellationToken);
        Assert.Equal((values.Nulls, values.NotFinite), (sketches[1].Nulls, sketches[1].NotFinite));
        var expected = new NumericSketchBuilder();
        expected.Add(values.Values, []);
        expected.Add(default, values.Nulls, values.NotFinite);
        AssertSame(expected.Build(), sketches[1]);
    }

    [Fact]
    public void NumbersIn_SomeRanges_AreTheValuesInThem()
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var input = DriftSource.Query(connection, "SELECT if(i = 11, NULL, i) AS x FROM range(100) t(i)").Open();
        using var reader = input.Connect();

        var values = reader.NumbersIn("x", [(3, 4.5), (10, 12), (98, 1000)], TestContext.Current.CancellationToken);

        Assert.Equal([3, 4, 10, 12, 98, 99], values.Values.ToArray());
    }

    internal static void AssertSame(NumericSketch expected, NumericSketch actual)
    {
        Assert.Equal((expected.Shift, expected.Nulls, expected.NotFinite, expected.Count), (actual.Shift, actual.Nulls, actual.NotFinite, actual.Count));
        Assert.Equal(expected.Bins.Select(bin => (bin.Bin, bin.Count, bin.Min, bin.Max)), actual.Bins.Select(bin => (bin.Bin, bin.Count, bin.Min, bin.Max)));
        // Sums were added in another order: count · 2^-52 of the largest summand, which the bin's width bounds.
        foreach (var (one, other) in expected.Bins.Zip(actual.Bins))
            Assert.InRange(other.Offset - one.Offset, -Slack(expected, one), Slack(expected, one));
        Assert.Equal(1, Ratio(expected.Moments.Mean, actual.Moments.Mean), 1e-9);
        Assert.Equal(1, Ratio(expected.Moments.Variance, actual.Moments.Variance), 1e-9);
    }

    private static double Slack(NumericSketch sketch, SketchBin bin) => bin.Count * 4e-15 * (bin.Max - SketchKey.Edge(bin.Bin, sketch.Shift));

    private static double Ratio(double expected, double actual) => expected == actual ? 1 : actual / expected;
}
