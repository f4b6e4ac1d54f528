using MathNet.Numerics;

namespace Workbench.Drift.Classifiers;

/// <summary>How well scores tell two classes apart.</summary>
/// <param name="Value">The chance that a positive row scores above a negative one, ties as half; in [0, 1], 0.5 when they cannot be told apart.</param>
/// <param name="Variance">Of <paramref name="Value"/> over samples.</param>
internal readonly record struct AreaUnderCurve(double Value, double Variance)
{
    // The two-sided 95 % quantile of the normal distribution.
    private const double Z = 1.959963984540054;

    /// <summary>95 % interval.</summary>
    public (double Lower, double Upper) Interval
    {
        get
        {
            double half = Z * Math.Sqrt(Variance);
            return (Math.Max(0, Value - half), Math.Min(1, Value + half));
        }
    }

    /// <summary>
    /// Chance of at least this area when the classes cannot be told apart. Scores without overlap have no variance; the
    /// variance under equality, (n + m + 1) / 12nm (Mann and Whitney 1947), is the floor.
    /// </summary>
    public double PValue(int negatives, int positives)
    {
        double variance = Math.Max(Variance, (negatives + positives + 1) / (12.0 * negatives * positives));
        return SpecialFunctions.Erfc((Value - 0.5) / Math.Sqrt(2 * variance)) / 2;
    }

    /// <summary>
    /// The area and its variance after DeLong, DeLong and Clarke-Pearson (Biometrics 44, 1988, 837-845) by mid-ranks (Sun and
    /// Xu 2014, IEEE Signal Process. Lett. 21, 1389-1393). Each class has at least one row.
    /// </summary>
    public static AreaUnderCurve Of(double[] negatives, double[] positives)
    {
        int n = negatives.Length, m = positives.Length;
        double[] all = MidRanks([.. positives, .. negatives]), ofPositives = MidRanks(positives), ofNegatives = MidRanks(negatives);
        var positiveParts = new double[m];
        var negativeParts = new double[n];
        double sum = 0;
        for (int i = 0; i < m; i++)
        {
            positiveParts[i] = (all[i] - ofPositives[i]) / n;
            sum += positiveParts[i];
        }
        for (int j = 0; j < n; j++)
            negativeParts[j] = 1 - (all[m + j] - ofNegatives[j]) / m;
        double value = sum / m;
        return new(value, Spread(positiveParts, value) / m + Spread(negativeParts, value) / n);
    }

    private static double Spread(double[] values, double mean) => values.Length < 2 ? 0 : values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);

    // Rank from 1; equal values share the mean of their ranks.
    private static double[] MidRanks(double[] values)
    {
        var order = Enumerable.Range(0, values.Length).ToArray();
        var sorted = (double[])values.Clone();
        Array.Sort(sorted, order);
        var ranks = new double[values.Length];
        for (int first = 0; first < sorted.Length;)
        {
            int end = first + 1;
            while (end < sorted.Length && sorted[end] == sorted[first])
                end++;
            for (int i = first; i < end; i++)
                ranks[order[i]] = (first + end + 1) / 2.0;
            first = end;
        }
        return ranks;
    }
}
