namespace Workbench.Drift.Sketches;

/// <summary>The values of one side in a <see cref="Stretch"/>.</summary>
/// <param name="Count">Values; 0 when there are none, and the rest then means nothing.</param>
/// <param name="Min">The smallest.</param>
/// <param name="Max">The largest.</param>
/// <param name="Sum">Σ (value - the stretch's Low).</param>
internal readonly record struct SidePart(long Count, double Min, double Max, double Sum)
{
    /// <summary>True when all values are equal.</summary>
    public bool IsOneValue => Min == Max;

    /// <summary>Between how many values can lie below <paramref name="value"/>, and a guess that takes them as spread evenly.</summary>
    public (long Least, long Most, double Guess) Below(double value)
    {
        if (Count == 0 || value <= Min)
            return (0, 0, 0);
        return value > Max ? (Count, Count, Count) : (1, Count - 1, Math.Clamp(Count * ((value - Min) / (Max - Min)), 1, Count - 1));
    }
}
