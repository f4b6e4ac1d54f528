namespace Workbench.Drift.Causes;

/// <summary>Number, sum and sum of squares of a quantity over some rows.</summary>
internal readonly record struct Tally(double Count, double Sum, double Squares)
{
    public double Mean => Sum / Count;

    public static Tally operator +(Tally a, Tally b) => new(a.Count + b.Count, a.Sum + b.Sum, a.Squares + b.Squares);
    public static Tally operator -(Tally a, Tally b) => new(a.Count - b.Count, a.Sum - b.Sum, a.Squares - b.Squares);

    public Tally With(double value) => new(Count + 1, Sum + value, Squares + value * value);

    /// <summary>Σ (y - centre) and Σ (y - centre)² over the rows.</summary>
    public (double Sum, double Squares) About(double centre) => (Sum - centre * Count, Squares - 2 * centre * Sum + centre * centre * Count);
}
