using Workbench.Drift.Numeric;

namespace Workbench.Drift.Sketches;

/// <summary>
/// A numeric column on both sides by its sketches: ascending stretches that do not overlap. Each side has at least one finite
/// value. After <see cref="Refine"/> some stretches are the exact values themselves.
/// </summary>
internal sealed class SketchPair
{
    private MergedValues? _merged;

    public SketchPair(NumericSketch reference, NumericSketch current) : this(reference, current, Align(reference, current)) { }

    private SketchPair(NumericSketch reference, NumericSketch current, IReadOnlyList<Stretch> stretches) =>
        (Reference, Current, Stretches) = (reference, current, stretches);

    public NumericSketch Reference { get; }
    public NumericSketch Current { get; }
    public IReadOnlyList<Stretch> Stretches { get; }
    /// <summary>True when every value is known.</summary>
    public bool IsExact => Stretches.All(stretch => stretch.IsPoint);

    /// <summary>Both sides as one list of values with their rows: each stretch stands as its mean.</summary>
    public MergedValues Merged => _merged ??= new(
        Stretches.Select(stretch => stretch.Mean).ToArray(), Stretches.Select(stretch => stretch.Reference.Count).ToArray(), Stretches.Select(stretch => stretch.Current.Count).ToArray());

    /// <summary>The ranges of chosen stretches; neighbours are joined.</summary>
    public IReadOnlyList<(double Low, double High)> Ranges(bool[] chosen)
    {
        var ranges = new List<(double Low, double High)>();
        for (int i = 0; i < chosen.Length; i++)
        {
            if (!chosen[i] || Stretches[i].IsPoint)
                continue;
            if (i > 0 && chosen[i - 1] && !Stretches[i - 1].IsPoint)
                ranges[^1] = (ranges[^1].Low, Stretches[i].High);
            else
                ranges.Add((Stretches[i].Low, Stretches[i].High));
        }
        return ranges;
    }

    /// <summary>The same with the exact values of the chosen stretches, as read from <see cref="Ranges"/>.</summary>
    public SketchPair Refine(bool[] chosen, NumericColumn reference, NumericColumn current)
    {
        var exact = reference.Count + current.Count == 0 ? null : MergedValues.Of(reference.Values, current.Values);
        var stretches = new List<Stretch>();
        int next = 0;
        for (int i = 0; i < chosen.Length; i++)
        {
            if (!chosen[i] || Stretches[i].IsPoint)
            {
                stretches.Add(Stretches[i]);
                continue;
            }
            for (; exact is not null && next < exact.Values.Length && exact.Values[next] <= Stretches[i].High; next++)
                stretches.Add(Stretch.Point(exact.Values[next], exact.Reference[next], exact.Current[next]));
        }
        return new(Reference, Current, stretches);
    }

    private static List<Stretch> Align(NumericSketch reference, NumericSketch current)
    {
        int shift = Math.Max(reference.Shift, current.Shift);
        var (left, right) = (Coarsen(reference, shift), Coarsen(current, shift));
        var stretches = new List<Stretch>();
        for (int i = 0, j = 0; i < left.Count || j < right.Count;)
        {
            bool takesLeft = j == right.Count || i < left.Count && left[i].Bin <= right[j].Bin;
            bool takesRight = i == left.Count || j < right.Count && right[j].Bin <= left[i].Bin;
            Add(stretches, takesLeft ? left[i++] : null, takesRight ? right[j++] : null, shift);
        }
        return stretches;
    }

    private static List<SketchBin> Coarsen(NumericSketch sketch, int shift)
    {
        var bins = new List<SketchBin>(sketch.Bins.Length);
        foreach (var bin in sketch.Bins)
        {
            var coarse = bin.Coarsen(sketch.Shift, shift);
            if (bins.Count > 0 && bins[^1].Bin == coarse.Bin)
                bins[^1] = bins[^1].Merge(coarse);
            else
                bins.Add(coarse);
        }
        return bins;
    }

    // Two sides that do not overlap inside a bin are two stretches: their order is known.
    private static void Add(List<Stretch> stretches, SketchBin? reference, SketchBin? current, int shift)
    {
        if (reference is { } left && current is { } right)
        {
            if (left.Max < right.Min)
                stretches.AddRange([Of(left, null, shift), Of(null, right, shift)]);
            else if (right.Max < left.Min)
                stretches.AddRange([Of(null, right, shift), Of(left, null, shift)]);
            else
                stretches.Add(Of(left, right, shift));
        }
        else
            stretches.Add(Of(reference, current, shift));
    }

    private static Stretch Of(SketchBin? reference, SketchBin? current, int shift)
    {
        double low = Math.Min(reference?.Min ?? double.PositiveInfinity, current?.Min ?? double.PositiveInfinity);
        double high = Math.Max(reference?.Max ?? double.NegativeInfinity, current?.Max ?? double.NegativeInfinity);
        return new(low, high, Part(reference, low, shift), Part(current, low, shift));
    }

    // Rounding must not move a sum out of what its range allows.
    private static SidePart Part(SketchBin? side, double low, int shift) => side is { } bin
        ? new(bin.Count, bin.Min, bin.Max, bin.Min == bin.Max ? bin.Count * (bin.Min - low) : Math.Clamp(bin.SumFrom(low, shift), bin.Count * (bin.Min - low), bin.Count * (bin.Max - low)))
        : default;
}
