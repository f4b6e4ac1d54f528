using Workbench.Drift.Numeric;

namespace Workbench.Drift.Sketches;

/// <summary>
/// A numeric column in at most <see cref="MaxBins"/> bins. The shift of <see cref="SketchKey"/> is the smallest one whose
/// bins are that few, so the sketch depends on the values alone: however rows are split, the merged sketch is the sketch of
/// all rows (sums but for rounding). Few distinct values are kept exactly, values packed far from zero get fine bins.
/// </summary>
internal sealed class NumericSketch
{
    /// <summary>Bins at most. A column's sketch takes 40 bytes a bin, 320 KiB at most.</summary>
    public const int MaxBins = 8192;

    public NumericSketch(int shift, SketchBin[] bins, MergeableMoments moments, long nulls, long notFinite)
    {
        (Shift, Bins, Moments, Nulls, NotFinite) = (shift, bins, moments, nulls, notFinite);
        foreach (var bin in bins)
            Count += bin.Count;
    }

    /// <summary>Lowest bits of the key that the bins leave out; 0 when each bin is one value.</summary>
    public int Shift { get; }
    /// <summary>Ascending; none is empty.</summary>
    public SketchBin[] Bins { get; }
    public MergeableMoments Moments { get; }
    /// <summary>Finite values.</summary>
    public long Count { get; }
    public long Nulls { get; }
    /// <summary>NaN and infinities, which are in no bin.</summary>
    public long NotFinite { get; }
    public long Rows => Count + Nulls + NotFinite;
    /// <summary>True when every distinct value has its own bin: the sketch then holds the whole distribution.</summary>
    public bool IsExact => Shift == 0;
    /// <summary>The smallest value; needs one.</summary>
    public double Min => Bins[0].Min;
    /// <summary>The largest value; needs one.</summary>
    public double Max => Bins[^1].Max;
    /// <summary>Divisor n; exactly 0 when all values are equal.</summary>
    public double StandardDeviation => Count == 0 || Min == Max ? 0 : Math.Sqrt(Moments.Variance);

    /// <summary>The bins that a larger shift makes of these.</summary>
    public SketchBin[] At(int shift) => shift == Shift ? Bins : SketchBin.Coarsen([.. Bins], Shift, shift).ToArray();

    /// <summary>The sketch of all rows of both.</summary>
    public static NumericSketch Merge(NumericSketch a, NumericSketch b)
    {
        var both = new NumericSketchBuilder();
        both.Add(a);
        both.Add(b);
        return both.Build();
    }

    /// <summary>A sketch of values in memory.</summary>
    public static NumericSketch Of(ReadOnlySpan<double> values)
    {
        var builder = new NumericSketchBuilder();
        builder.Add(values, []);
        return builder.Build();
    }
}
