using Workbench.Data;
using Workbench.Drift.Numeric;
using Workbench.Drift.Sketches;

namespace Workbench.Drift;

/// <summary>Measures one numeric column from the sketches of both sides.</summary>
internal sealed class SketchedColumn(string column, IReadOnlyList<DriftTest> tests, NumericSketch reference, NumericSketch current)
{
    /// <summary>The values of both sides that lie in some ranges.</summary>
    public delegate (NumericColumn Reference, NumericColumn Current) RangeReader(IReadOnlyList<(double Low, double High)> ranges);

    /// <summary>Measured from the sketches alone.</summary>
    public ColumnMeasures Measure()
    {
        if (!HasBoth)
            return Result([]);
        using var pair = new SketchPair(reference, current);
        return Result(Run(pair, null).Measures);
    }

    /// <summary>Measured from the sketches, and where a verdict is open, from the values it hangs on.</summary>
    /// <param name="margin">Says which verdicts are open.</param>
    /// <param name="read">Reads values again.</param>
    /// <param name="mostValues">More values than this are not read.</param>
    public ColumnMeasures Decide(VerdictMargin margin, RangeReader read, long mostValues)
    {
        if (!HasBoth)
            return Result([]);
        using var pair = new SketchPair(reference, current);
        var (measures, open) = Run(pair, margin);
        var ranges = pair.Ranges(open);
        if (ranges.Count == 0)
            return Result(measures);
        long values = 0;
        for (int i = 0; i < open.Length; i++)
            values += open[i] ? pair.Stretches[i].Reference.Count + pair.Stretches[i].Current.Count : 0;
        if (values > mostValues)
            return Result(measures) with { Note = $"A verdict hangs on {values:N0} values, more than MemoryLimit allows to read; it is that of the statistic. Raise MemoryLimit to have it decided." };
        var (left, right) = read(ranges);
        using var refined = pair.Refine(open, left, right);
        return Result(Run(refined, null).Measures);
    }

    private bool HasBoth => reference.Count > 0 && current.Count > 0;

    // With the stretches that the open verdicts hang on.
    private (List<MeasuredTest> Measures, bool[] Open) Run(SketchPair pair, VerdictMargin? margin)
    {
        var open = new bool[pair.Stretches.Length];
        var measures = new List<MeasuredTest>();
        foreach (var test in tests)
        {
            var own = new bool[open.Length];
            var measure = Measure(test, pair, own);
            measures.Add(new(test, measure));
            if (margin?.IsOpen(test, measure) ?? false)
                for (int i = 0; i < open.Length; i++)
                    open[i] |= own[i];
        }
        return (measures, open);
    }

    private DriftMeasure Measure(DriftTest test, SketchPair pair, bool[] open)
    {
        if (test.Sketch is { } bounded)
            return bounded(pair, open).Finite();
        if (test.Values is not { } values)
            throw new DataException($"Drift test '{test.Name}' of column '{column}' needs the rows themselves, not a sketch. Compare with the rows and {nameof(DriftOptions.Precision)} {DriftPrecision.Exact}, or choose another test.") { Column = column };
        for (int i = 0; i < open.Length; i++)
            open[i] = !pair.Stretches[i].IsPoint;
        return values(pair.Merged).Finite() with { Exactness = pair.IsExact ? DriftExactness.Exact : DriftExactness.Estimated };
    }

    private ColumnMeasures Result(IReadOnlyList<MeasuredTest> measures) => ColumnComparison.Sketched(column, measures, reference, current);
}
