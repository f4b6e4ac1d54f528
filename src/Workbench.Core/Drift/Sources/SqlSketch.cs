using System.Numerics;
using Workbench.Drift.Dialects;
using Workbench.Drift.Numeric;
using Workbench.Drift.Sketches;

namespace Workbench.Drift.Sources;

/// <summary>
/// Builds a column's sketch from the answers to <see cref="DriftSql.Bins(SqlDialect, string, string, int)"/>: the same bins as from the values
/// themselves. One scan is enough when the values fill the sketch or have bins of their own; else finer ones follow.
/// </summary>
internal static class SqlSketch
{
    // Rows that an answer has at most when the scan before it was right.
    private const int MaxAnswer = 1 << 16;
    private const int FirstShift = 42;

    /// <summary>A row of the answer that has a bin.</summary>
    /// <param name="Rows">Values in the bin.</param>
    /// <param name="LowSum">Sum of the keys' lowest bits.</param>
    /// <param name="LowVariance">Their variance, divisor n.</param>
    /// <param name="KeyMin">Smallest key.</param>
    /// <param name="KeyMax">Largest key.</param>
    public sealed record Bin(long Rows, double LowSum, double LowVariance, long KeyMin, long KeyMax);

    /// <summary>All rows of the answer.</summary>
    public sealed record Answer(IReadOnlyList<Bin> Bins, long Nulls, long NotFinite);

    /// <param name="scan">Runs the statement for a shift.</param>
    public static NumericSketch Read(Func<int, Answer> scan)
    {
        for (int shift = FirstShift; ; )
        {
            var answer = scan(shift);
            int several = answer.Bins.Count(bin => bin.KeyMin != bin.KeyMax);
            if (several == 0 || shift == 0 || answer.Bins.Count > NumericSketch.MaxBins)
                return Build(answer, shift, several == 0);
            // A shift smaller by one splits a bin in two at most.
            int room = (MaxAnswer - (answer.Bins.Count - several)) / several;
            shift = Math.Max(0, shift - BitOperations.Log2((uint)room));
        }
    }

    private static NumericSketch Build(Answer answer, int shift, bool isEachOneValue)
    {
        var sketch = new NumericSketchBuilder();
        var moments = default(MergeableMoments);
        foreach (var bin in answer.Bins)
        {
            var (min, max) = (Value(bin.KeyMin), Value(bin.KeyMax));
            if (isEachOneValue)
            {
                sketch.Add(0, new(Key(bin.KeyMin), bin.Rows, 0, min, max));
                moments = moments.Merge(new(bin.Rows, min, 0, 0));
                continue;
            }
            ulong number = Key(bin.KeyMin) >> shift;
            // Within a bin sign and exponent are the same, so that the values are steps of one size from its edge.
            double edge = SketchKey.Edge(number, shift), step = SketchKey.Value((number << shift) + 1) - edge;
            sketch.Add(shift, new(number, bin.Rows, step * bin.LowSum, min, max));
            moments = moments.Merge(new(bin.Rows, edge, step * (bin.LowSum / bin.Rows), step * (step * bin.LowVariance)));
        }
        sketch.Add(moments, answer.Nulls, answer.NotFinite);
        return sketch.Build();
    }

    // The statement's keys are signed, the sketch's are not.
    private static ulong Key(long key) => (ulong)key ^ (1UL << 63);

    private static double Value(long key) => SketchKey.Value(Key(key));
}
