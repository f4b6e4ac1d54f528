using System.Runtime.InteropServices;
using Workbench.Drift.Numeric;

namespace Workbench.Drift.Sketches;

/// <summary>
/// A numeric column on both sides by its sketches: ascending stretches that do not overlap. Each side has at least one finite
/// value. After <see cref="Refine"/> some stretches are the exact values themselves.
/// </summary>
internal sealed class SketchPair
{
    private readonly List<Stretch> _stretches;
    private MergedValues? _merged;

    public SketchPair(NumericSketch reference, NumericSketch current) : this(reference, current, Align(reference, current)) { }

    private SketchPair(NumericSketch reference, NumericSketch current, List<Stretch> stretches) =>
        (Reference, Current, _stretches) = (reference, current, stretches);

    public NumericSketch Reference { get; }
    public NumericSketch Current { get; }
    public ReadOnlySpan<Stretch> Stretches => CollectionsMarshal.AsSpan(_stretches);
    /// <summary>True when every value is known.</summary>
    public bool IsExact => _stretches.TrueForAll(stretch => stretch.IsPoint);

    /// <summary>Both sides as one list of values with their rows: each stretch stands as its mean.</summary>
    public MergedValues Merged => _merged ??= new(
        _stretches.Select(stretch => stretch.Mean).ToArray(), _stretches.Select(stretch => stretch.Reference.Count).ToArray(), _stretches.Select(stretch => stretch.Current.Count).ToArray());

    /// <summary>The ranges of chosen stretches; neighbours are joined.</summary>
    public IReadOnlyList<(double Low, double High)> Ranges(bool[] chosen)
    {
        var ranges = new List<(double Low, double High)>();
        var stretches = Stretches;
        for (int i = 0; i < chosen.Length; i++)
        {
            if (!chosen[i] || stretches[i].IsPoint)
                continue;
            if (i > 0 && chosen[i - 1] && !stretches[i - 1].IsPoint)
                ranges[^1] = (ranges[^1].Low, stretches[i].High);
            else
                ranges.Add((stretches[i].Low, stretches[i].High));
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
            var stretch = _stretches[i];
            if (!chosen[i] || stretch.IsPoint)
            {
                stretches.Add(stretch);
                continue;
            }
            for (; exact is not null && next < exact.Values.Length && exact.Values[next] <= stretch.High; next++)
                stretches.Add(Stretch.Point(exact.Values[next], exact.Reference[next], exact.Current[next]));
        }
        return new(Reference, Current, stretches);
    }

    private static List<Stretch> Align(NumericSketch reference, NumericSketch current)
    {
        int shift = Math.Max(reference.Shift, current.Shift);
        var (left, right) = (reference.At(shift), current.At(shift));
        var stretches = new List<Stretch>(Together(left, right));
        for (int i = 0, j = 0; i < left.Length || j < right.Length;)
        {
            bool takesLeft = j == right.Length || i < left.Length && left[i].Bin <= right[j].Bin;
            bool takesRight = i == left.Length || j < right.Length && right[j].Bin <= left[i].Bin;
            Add(stretches, takesLeft ? left[i++] : null, takesRight ? right[j++] : null, shift);
        }
        return stretches;
    }

    // Bins that either side has.
    private static int Together(SketchBin[] left, SketchBin[] right)
    {
        int count = left.Length + right.Length;
        for (int i = 0, j = 0; i < left.Length && j < right.Length;)
        {
            int order = left[i].Bin.CompareTo(right[j].Bin);
            (i, j, count) = (i + (order <= 0 ? 1 : 0), j + (order >= 0 ? 1 : 0), count - (order == 0 ? 1 : 0));
        }
        return count;
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
