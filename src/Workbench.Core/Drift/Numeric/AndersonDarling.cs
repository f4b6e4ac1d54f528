using MathNet.Numerics;

namespace Workbench.Drift.Numeric;

/// <summary>
/// The Anderson-Darling test of two samples with midranks (Scholz and Stephens 1987, J. Amer. Statist. Assoc. 82, 918-924,
/// eqs. 7 and 4). The statistic is A² less its mean in its standard deviations, the effect size the largest gap D of the two
/// distribution functions.
/// </summary>
internal static class AndersonDarling
{
    private static readonly double[] Levels = [0.25, 0.1, 0.05, 0.025, 0.01, 0.005, 0.001];
    // Their table 2 for two samples, b0 + b1 + b2, as scipy extended it.
    private static readonly double[] Critical = [0.325, 1.226, 1.961, 2.718, 3.752, 4.592, 6.546];
    private static readonly double[] LogLevel = Fit.Polynomial(Critical, Levels.Select(level => Math.Log(level)).ToArray(), 2);

    public static DriftMeasure Compare(MergedValues merged)
    {
        long total = merged.ReferenceCount + merged.CurrentCount;
        if (merged.Distinct < 2)
            return DriftMeasure.Untestable("All values are equal.");
        if (total < 4)
            return DriftMeasure.Untestable($"{total} rows are too few; the test needs 4.");
        double statistic = (Statistic(merged, total) - 1) / Math.Sqrt(Variance(merged.ReferenceCount, merged.CurrentCount));
        var (pValue, note) = PValue(statistic);
        return new(statistic, pValue, KolmogorovSmirnov.Distance(merged), note);
    }

    // The levels are interpolated as scipy does: a parabola in the logarithm of the level.
    private static (double PValue, string? Note) PValue(double statistic) =>
        statistic < Critical[0] ? (Levels[0], "The p-value is 0.25 or larger.")
        : statistic > Critical[^1] ? (Levels[^1], "The p-value is 0.001 or smaller.")
        : (Math.Exp(LogLevel[0] + statistic * (LogLevel[1] + statistic * LogLevel[2])), null);

    private static double Statistic(MergedValues merged, long total)
    {
        double n = merged.ReferenceCount, m = merged.CurrentCount, sumReference = 0, sumCurrent = 0, count = total;
        double belowReference = 0, belowCurrent = 0;
        for (int k = 0; k < merged.Distinct; k++)
        {
            double a = merged.Reference[k], b = merged.Current[k], both = a + b;
            double middle = belowReference + belowCurrent + both / 2;
            double weight = both / count / (middle * (count - middle) - count * both / 4);
            sumReference += weight * Square(count * (belowReference + a / 2) - middle * n);
            sumCurrent += weight * Square(count * (belowCurrent + b / 2) - middle * m);
            belowReference += a;
            belowCurrent += b;
        }
        return (sumReference / n + sumCurrent / m) * (count - 1) / count;
    }

    private static double Variance(double n, double m)
    {
        double count = n + m, inverse = 1 / n + 1 / m, harmonic = 0, g = 0;
        // harmonic = Σ 1/i over i < N; g = Σ over i ≤ N - 2 of the part of it above i, divided by N - i.
        for (long i = (long)count - 1; i >= 2; i--)
        {
            harmonic += 1.0 / i;
            g += harmonic / (count - i + 1);
        }
        double h = harmonic + 1;
        double a = (4 * g - 6) + (10 - 6 * g) * inverse;
        double b = (2 * g - 4) * 4 + 16 * h + (2 * g - 14 * h - 4) * inverse - 8 * h + 4 * g - 6;
        double c = (6 * h + 2 * g - 2) * 4 + (4 * h - 4 * g + 6) * 2 + (2 * h - 6) * inverse + 4 * h;
        double d = (2 * h + 6) * 4 - 8 * h;
        return (((a * count + b) * count + c) * count + d) / ((count - 1) * (count - 2) * (count - 3));
    }

    private static double Square(double x) => x * x;
}
