namespace Workbench.Drift.Sketches;

/// <summary>What a sketch keeps of the values in one bin.</summary>
/// <param name="Bin">The key without its lowest bits, see <see cref="SketchKey"/>.</param>
/// <param name="Count">Values; at least 1.</param>
/// <param name="Offset">Σ (value - <see cref="SketchKey.Edge"/>): small, so that sums of large numbers lose nothing.</param>
/// <param name="Min">The smallest value.</param>
/// <param name="Max">The largest value.</param>
internal readonly record struct SketchBin(ulong Bin, long Count, double Offset, double Min, double Max)
{
    /// <summary>The same values in the bin that a larger shift puts them into.</summary>
    public SketchBin Coarsen(int from, int to)
    {
        if (from == to)
            return this;
        ulong bin = Bin >> (to - from);
        return this with { Bin = bin, Offset = Offset + Count * (SketchKey.Edge(Bin, from) - SketchKey.Edge(bin, to)) };
    }

    /// <summary>The same for ascending bins, in their place; returns those that are left.</summary>
    public static Span<SketchBin> Coarsen(Span<SketchBin> bins, int from, int to)
    {
        if (from == to)
            return bins;
        int count = 0;
        foreach (var bin in bins)
        {
            var next = bin.Coarsen(from, to);
            if (count > 0 && bins[count - 1].Bin == next.Bin)
                bins[count - 1] = bins[count - 1].Merge(next);
            else
                bins[count++] = next;
        }
        return bins[..count];
    }

    /// <summary>Both parts of one bin.</summary>
    public SketchBin Merge(SketchBin other) =>
        this with { Count = Count + other.Count, Offset = Offset + other.Offset, Min = Math.Min(Min, other.Min), Max = Math.Max(Max, other.Max) };

    /// <summary>Σ (value - <paramref name="origin"/>).</summary>
    public double SumFrom(double origin, int shift) => Offset + Count * (SketchKey.Edge(Bin, shift) - origin);
}
