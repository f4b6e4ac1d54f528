using Workbench.Drift;
using Workbench.Drift.Numeric;
using Workbench.Drift.Sketches;

namespace Workbench.Core.Tests.Drift.Sketches;

/// <summary>The exact value comes from the exact tests over all sorted values, which are checked against scipy elsewhere.</summary>
public sealed class SketchBoundsTests
{
    private static readonly DriftTest[] Tests = [DriftTests.Ks(), DriftTests.Wasserstein(), DriftTests.Psi(), DriftTests.JensenShannon(), DriftTests.KullbackLeibler(), DriftTests.Hellinger(), DriftTests.LInfinity(), DriftTests.Psi(bins: 40)];

    public static TheoryData<string, double> Cases
    {
        get
        {
            var cases = new TheoryData<string, double>();
            foreach (string shape in Shapes.Names)
                foreach (double shift in new[] { 0.02, 1 })
                    cases.Add(shape, shift);
            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Compare_AnyShape_ExactLiesWithinTheBounds(string shape, double shift)
    {
        double[] x = Shapes.Draw(shape, 1, 16_000), y = Shapes.Draw(shape, 2, 12_000, shift);
        var exact = new NumericPair(NumericColumn.Of(x), NumericColumn.Of(y));
        var sketch = new SketchPair(NumericSketch.Of(x), NumericSketch.Of(y));

        foreach (var test in Tests)
        {
            var expected = test.Measure(exact);
            var actual = test.Sketch!(sketch, new bool[sketch.Stretches.Length]);

            if (actual.Bounds is { } bounds)
            {
                Assert.InRange(expected.Statistic, bounds.Lower, bounds.Upper);
                Assert.InRange(actual.Statistic, bounds.Lower, bounds.Upper);
                // 8,192 bins leave little open: a hundredth of the range of each statistic, and more only of one that is large. What
                // lies in the bin of a spike cannot be told from it, so there the order of 40 % of the rows is open.
                if (shape != "spike among others")
                    Assert.InRange(bounds.Upper - bounds.Lower, 0, 0.01 + 0.1 * expected.Statistic);
            }
            else if (actual.Exactness == DriftExactness.Exact)
                Assert.Equal(expected.Statistic, actual.Statistic, 1e-9 * Math.Max(1, expected.Statistic)); // sums in another order
            if (actual.PValueBounds is { } p)
                Assert.InRange(expected.PValue!.Value, p.Lower, p.Upper);
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Refine_TheOpenStretches_GivesTheExactValue(string shape, double shift)
    {
        double[] x = Shapes.Draw(shape, 3, 16_000), y = Shapes.Draw(shape, 4, 12_000, shift);
        var exact = new NumericPair(NumericColumn.Of(x), NumericColumn.Of(y));
        var sketch = new SketchPair(NumericSketch.Of(x), NumericSketch.Of(y));

        foreach (var test in Tests)
        {
            bool[] open = new bool[sketch.Stretches.Length];
            test.Sketch!(sketch, open);
            var ranges = sketch.Ranges(open);
            var refined = ranges.Count == 0 ? sketch : sketch.Refine(open, Inside(x, ranges), Inside(y, ranges));

            var actual = test.Sketch!(refined, new bool[refined.Stretches.Length]);
            var expected = test.Measure(exact);
            Assert.Equal(DriftExactness.Exact, actual.Exactness);
            Assert.Equal(expected.Statistic, actual.Statistic, 1e-9 * Math.Max(1, expected.Statistic)); // sums in another order
            Assert.Equal(expected.PValue, actual.PValue);
        }
    }

    // Products of the rows of both sides are beyond 64 bits.
    [Fact]
    public void Compare_MoreRowsThanAnyTable_HasTheBoundsOfTheirShares()
    {
        var (x, y) = (NumericSketch.Of(Shapes.Draw("normal", 1, 16_000)), NumericSketch.Of(Shapes.Draw("normal", 2, 12_000, 0.02)));
        var (few, many) = (new SketchPair(x, y), new SketchPair(Times(x, 1L << 48), Times(y, 1L << 48)));

        foreach (var test in Tests)
        {
            var (expected, actual) = (test.Sketch!(few, new bool[few.Stretches.Length]), test.Sketch!(many, new bool[many.Stretches.Length]));
            Assert.Equal(expected.Statistic, actual.Statistic, 1e-3); // a bin may be cut anywhere between its first row and its last
            Assert.InRange(actual.Statistic, actual.Bounds!.Value.Lower, actual.Bounds.Value.Upper);
        }
        var ks = DriftTests.Ks();
        Assert.Equal(ks.Sketch!(few, new bool[few.Stretches.Length]).Statistic, ks.Sketch!(many, new bool[many.Stretches.Length]).Statistic, 1e-12);

        static NumericSketch Times(NumericSketch one, long times) => new(
            one.Shift, [.. one.Bins.Select(bin => bin with { Count = bin.Count * times, Offset = bin.Offset * times })], one.Moments with { Count = one.Count * times }, 0, 0);
    }

    [Fact]
    public void Compare_OneMixedBinByHand_HasTheBoundsOfTheFormulas()
    {
        // One bin that holds 2 to 8: reference 2, 4; current 3, 5. Offsets are from the bin's edge.
        const int shift = 54;
        double[] x = [2, 4], y = [3, 5];
        ulong bin = SketchKey.Of(2) >> shift;
        Assert.Equal(bin, SketchKey.Of(5) >> shift);
        double edge = SketchKey.Edge(bin, shift);
        var pair = new SketchPair(Sketch(x), Sketch(y));

        var ks = KolmogorovBounds.Compare(pair, new bool[1]);
        var distance = EarthMoverBounds.Raw(pair, new bool[1]);

        // Nothing is known of the order: D is at least the gap after the bin, 0, and at most 1.
        Assert.Equal((0.0, (0.0, 1.0)), (ks.Statistic, ks.Bounds));
        // ∫(F - G) = mean(y) - mean(x) = 1 over a width of 3, in [-1, 1]: t = (1 + 3) / 2 = 2, so at most 2 - (3 - 2) · -1 = 3.
        Assert.Equal((1.0, 3.0), (distance.Bounds!.Value.Lower, distance.Bounds.Value.Upper), Near);

        NumericSketch Sketch(double[] values) =>
            new(shift, [new(bin, values.Length, values.Sum(value => value - edge), values.Min(), values.Max())], MergeableMoments.Of(values), 0, 0);
    }

    private static bool Near((double, double) a, (double, double) b) => Math.Abs(a.Item1 - b.Item1) < 1e-9 && Math.Abs(a.Item2 - b.Item2) < 1e-9;

    private static NumericColumn Inside(double[] values, IReadOnlyList<(double Low, double High)> ranges)
    {
        var filter = new RangeFilter(ranges);
        filter.Add(values, []);
        return filter.Build();
    }
}
