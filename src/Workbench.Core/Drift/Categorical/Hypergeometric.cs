using MathNet.Numerics;

namespace Workbench.Drift.Categorical;

/// <summary>Marked balls among <paramref name="drawn"/> of <paramref name="total"/>, of which <paramref name="marked"/> are marked, without putting back.</summary>
internal readonly struct Hypergeometric(long total, long marked, long drawn)
{
    public long Smallest { get; } = Math.Max(0, drawn + marked - total);
    public long Largest { get; } = Math.Min(drawn, marked);
    /// <summary>The likeliest number.</summary>
    public long Mode { get; } = (long)Math.Floor((marked + 1.0) * (drawn + 1.0) / (total + 2.0));

    /// <summary>P(k + 1) / P(k).</summary>
    public double Up(long k) => (marked - k) * (double)(drawn - k) / ((k + 1.0) * (total - marked - drawn + k + 1.0));

    /// <summary>A random number, by inversion outwards from the mode: about as many steps as the standard deviation has balls.</summary>
    public long Draw(Random random)
    {
        if (Smallest == Largest)
            return Smallest;
        double left = random.NextDouble(), below = Chance(Mode), above = below;
        left -= below;
        for (long low = Mode, high = Mode; left > 0 && (low > Smallest || high < Largest);)
        {
            if (high < Largest)
            {
                above *= Up(high++);
                left -= above;
                if (left <= 0)
                    return high;
            }
            if (low > Smallest)
            {
                below /= Up(--low);
                left -= below;
                if (left <= 0)
                    return low;
            }
        }
        return Mode;
    }

    /// <summary>P(k).</summary>
    public double Chance(long k) => Math.Exp(LogChoose(marked, k) + LogChoose(total - marked, drawn - k) - LogChoose(total, drawn));

    /// <summary>ln C(n, k).</summary>
    public static double LogChoose(long n, long k) => LogFactorial(n) - LogFactorial(k) - LogFactorial(n - k);

    // Stirling's series; its error is below rounding from 256 on.
    private static double LogFactorial(long n) => n < 256
        ? SpecialFunctions.FactorialLn((int)n)
        : (n + 0.5) * Math.Log(n) - n + 0.5 * Math.Log(2 * Math.PI) + (1.0 / 12 - 1.0 / (360.0 * n * n)) / n;
}
