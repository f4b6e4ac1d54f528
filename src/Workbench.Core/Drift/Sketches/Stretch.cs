namespace Workbench.Drift.Sketches;

/// <summary>A closed stretch of numbers in which both sides are known by count, sum and range only. Low = High is one value, known exactly.</summary>
internal readonly record struct Stretch(double Low, double High, SidePart Reference, SidePart Current)
{
    public bool IsPoint => Low == High;
    /// <summary>True when it is open how the values of the two sides follow one another.</summary>
    public bool IsMixed => Reference.Count > 0 && Current.Count > 0 && Low < High;
    /// <summary>Mean of all its values.</summary>
    public double Mean => Math.Clamp(Low + (Reference.Sum + Current.Sum) / (Reference.Count + (double)Current.Count), Low, High);

    public static Stretch Point(double value, long reference, long current) => new(value, value, new(reference, value, value, 0), new(current, value, value, 0));
}
