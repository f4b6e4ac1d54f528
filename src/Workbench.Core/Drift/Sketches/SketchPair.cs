using System.Buffers;
using Workbench.Drift.Numeric;

namespace Workbench.Drift.Sketches;

/// <summary>
/// A numeric column on both sides by its sketches: ascending stretches that do not overlap. Each side has at least one finite
/// value. After <see cref="Refine"/> some stretches are the exact values themselves. Its memory is lent: dispose it.
/// </summary>
internal sealed class SketchPair : IDisposable
{
    private readonly bool _isLent;
    private Stretch[] _stretches;
    private int _count;
    private MergedValues? _merged;

    public SketchPair(NumericSketch reference, NumericSketch current)
    {
        (Reference, Current) = (reference, current);
        int shift = Math.Max(reference.Shift, current.Shift);
        var (left, right) = (reference.At(shift), current.At(shift));
        (_isLent, _stretches) = (true, ArrayPool<Stretch>.Shared.Rent(left.Length + right.Length));
        Align(left, right, shift);
    }

    // Exact values may be millions: the pool must not keep room for them.
    private SketchPair(NumericSketch reference, NumericSketch current, int stretches) =>
        (Reference, Current, _stretches) = (reference, current, new Stretch[stretches]);

    public NumericSketch Reference { get; }
    public NumericSketch Current { get; }
    public ReadOnlySpan<Stretch> Stretches => _stretches.AsSpan(0, _count);
    /// <summary>True when every value is known.</summary>
    public bool IsExact => _stretches.Take(_count).All(stretch => stretch.IsPoint);

    /// <summary>Both sides as one list of values with their rows: each stretch stands as its mean.</summary>
    public MergedValues Merged => _merged ??= new(
        [.. _stretches.Take(_count).Select(stretch => stretch.Mean)], [.. _stretches.Take(_count).Select(stretch => stretch.Reference.Count)], [.. _stretches.Take(_count).Select(stretch => stretch.Current.Count)]);

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
        var refined = new SketchPair(Reference, Current, _count + (exact?.Distinct ?? 0));
        int next = 0;
        for (int i = 0; i < chosen.Length; i++)
        {
            var stretch = _stretches[i];
            if (!chosen[i] || stretch.IsPoint)
            {
                refined.Add(stretch);
                continue;
            }
            for (; exact is not null && next < exact.Values.Length && exact.Values[next] <= stretch.High; next++)
                refined.Add(Stretch.Point(exact.Values[next], exact.Reference[next], exact.Current[next]));
        }
        return refined;
    }

    public void Dispose()
    {
        if (_isLent && _stretches.Length > 0)
            ArrayPool<Stretch>.Shared.Return(_stretches);
        (_stretches, _count) = ([], 0);
    }

    private void Align(SketchBin[] left, SketchBin[] right, int shift)
    {
        for (int i = 0, j = 0; i < left.Length || j < right.Length;)
        {
            bool takesLeft = j == right.Length || i < left.Length && left[i].Bin <= right[j].Bin;
            bool takesRight = i == left.Length || j < right.Length && right[j].Bin <= left[i].Bin;
            Add(takesLeft ? left[i++] : null, takesRight ? right[j++] : null, shift);
        }
    }

    private void Add(Stretch stretch) => _stretches[_count++] = stretch;

    // Two sides that do not overlap inside a bin are two stretches: their order is known.
    private void Add(SketchBin? reference, SketchBin? current, int shift)
    {
        if (reference?.Max < current?.Min)
        {
            Add(Of(reference, null, shift));
            Add(Of(null, current, shift));
        }
        else if (current?.Max < reference?.Min)
        {
            Add(Of(null, current, shift));
            Add(Of(reference, null, shift));
        }
        else
            Add(Of(reference, current, shift));
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
