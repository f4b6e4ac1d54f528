using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Workbench.Drift.Numeric;

/// <summary>
/// Number, mean and variance (divisor n) of values; two sets merge without their values (Chan, Golub, LeVeque 1979).
/// The mean has a second part, so that the variance of numbers packed far from zero (timestamps, ids) loses no digits.
/// </summary>
/// <param name="Count">Values.</param>
/// <param name="Mean">Mean, rounded.</param>
/// <param name="Rest">What the rounding of the mean left, to be added to it.</param>
/// <param name="Variance">Mean square distance from the mean.</param>
internal readonly record struct MergeableMoments(long Count, double Mean, double Rest, double Variance)
{
    /// <summary>Of values that are all finite.</summary>
    public static MergeableMoments Of(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
            return default;
        double origin = values[values.Length / 2], offset = Total(values, origin, 0, square: false);
        if (!double.IsFinite(offset)) // both ends of the double range
            (origin, offset) = (0, Total(values, 0, 0, square: false));
        double mean = Add(origin, offset, out double rest);
        return new(values.Length, mean, rest, Total(values, origin, offset, square: true));
    }

    /// <summary>Of both sets together.</summary>
    public MergeableMoments Merge(MergeableMoments other)
    {
        if (Count == 0 || other.Count == 0)
            return Count == 0 ? other : this;
        double all = Count + (double)other.Count, mine = Count / all, theirs = other.Count / all, gap = other.Mean - Mean + (other.Rest - Rest);
        double mean = Add(Mean, gap * theirs + Rest, out double rest);
        return new(Count + other.Count, mean, rest, mine * Variance + theirs * other.Variance + mine * gap * (theirs * gap));
    }

    // Σ (x - origin - offset) / n, or of the squares. Dividing first keeps values near the end of the double range from overflowing.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // most of a short run would be over before it is compiled again
    private static double Total(ReadOnlySpan<double> values, double origin, double offset, bool square)
    {
        double share = 1.0 / values.Length;
        var vectors = MemoryMarshal.Cast<double, Vector<double>>(values);
        Vector<double> origins = new(origin), offsets = new(offset), shares = new(share), sum = Vector<double>.Zero;
        foreach (var vector in vectors)
        {
            var part = vector - origins - offsets;
            sum += part * shares * (square ? part : Vector<double>.One);
        }
        double total = Vector.Sum(sum);
        foreach (double value in values[(vectors.Length * Vector<double>.Count)..])
        {
            double part = value - origin - offset;
            total += part * share * (square ? part : 1);
        }
        return total;
    }

    // a + b and what its rounding left (Knuth's two-sum).
    private static double Add(double a, double b, out double rest)
    {
        double sum = a + b, other = sum - a;
        rest = a - (sum - other) + (b - other);
        if (!double.IsFinite(rest))
            rest = 0;
        return sum;
    }
}
