using System.Globalization;
using Workbench.Drift.Numeric;

namespace Workbench.Drift.Sketches;

/// <summary>Bounds of the two-sample Kolmogorov-Smirnov statistic.</summary>
internal static class KolmogorovBounds
{
    /// <summary>
    /// Between stretches the two distribution functions are known, so the largest gap there is a lower bound, and it is the
    /// statistic given. Inside a mixed stretch the gap goes at most where it would if one side's values all came first. Marks
    /// the stretches that could hold a larger gap in <paramref name="open"/>.
    /// </summary>
    /// <remarks>Gaps are counted in steps of 1 / (n m): whole numbers as long as n m is below 2^53, rounded to 16 digits beyond.</remarks>
    public static DriftMeasure Compare(SketchPair pair, bool[] open)
    {
        double n = pair.Reference.Count, m = pair.Current.Count, lower = 0, upper = 0;
        var stretches = pair.Stretches;
        double[] reach = new double[stretches.Length];
        long before = 0, currentBefore = 0;
        for (int i = 0; i < reach.Length; i++)
        {
            ref readonly var stretch = ref stretches[i];
            var (after, currentAfter) = (before + stretch.Reference.Count, currentBefore + stretch.Current.Count);
            if (stretch.IsMixed)
                reach[i] = Math.Max(after * m - currentBefore * n, currentAfter * n - before * m);
            lower = Math.Max(lower, Math.Abs(after * m - currentAfter * n));
            upper = Math.Max(upper, reach[i]);
            (before, currentBefore) = (after, currentAfter);
        }
        for (int i = 0; i < reach.Length; i++)
            open[i] |= reach[i] > lower;
        return Measure(pair.Reference.Count, pair.Current.Count, lower, Math.Max(lower, upper));
    }

    private static DriftMeasure Measure(long n, long m, double lower, double upper)
    {
        double d = lower / ((double)n * m), pValue = KolmogorovSmirnov.PValue(n, m, lower);
        if (lower == upper)
            return new(d, pValue, d);
        double least = KolmogorovSmirnov.PValue(n, m, upper);
        return new(d, pValue, d, least == pValue ? null : string.Create(CultureInfo.InvariantCulture, $"The p-value of all rows lies between {least:G3} and {pValue:G3}."))
        {
            Bounds = (d, upper / ((double)n * m)),
            PValueBounds = (least, pValue),
            Exactness = DriftExactness.Bounded,
        };
    }
}
