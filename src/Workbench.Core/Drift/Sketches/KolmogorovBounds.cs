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
    public static DriftMeasure Compare(SketchPair pair, bool[] open)
    {
        Int128 n = pair.Reference.Count, m = pair.Current.Count, gap = 0, lower = 0, upper = 0;
        var reach = new Int128[pair.Stretches.Count];
        for (int i = 0; i < reach.Length; i++)
        {
            var stretch = pair.Stretches[i];
            if (stretch.IsMixed)
                reach[i] = Int128.Max(gap + stretch.Reference.Count * m, stretch.Current.Count * n - gap);
            gap += stretch.Reference.Count * m - stretch.Current.Count * n;
            lower = Int128.Max(lower, Int128.Abs(gap));
            upper = Int128.Max(upper, reach[i]);
        }
        for (int i = 0; i < reach.Length; i++)
            open[i] |= reach[i] > lower;
        return Measure(pair.Reference.Count, pair.Current.Count, lower, Int128.Max(lower, upper));
    }

    private static DriftMeasure Measure(long n, long m, Int128 lower, Int128 upper)
    {
        double d = (double)lower / ((double)n * m), pValue = KolmogorovSmirnov.PValue(n, m, lower);
        if (lower == upper)
            return new(d, pValue, d);
        double least = KolmogorovSmirnov.PValue(n, m, upper);
        return new(d, pValue, d, least == pValue ? null : string.Create(CultureInfo.InvariantCulture, $"The p-value of all rows lies between {least:G3} and {pValue:G3}."))
        {
            Bounds = (d, (double)upper / ((double)n * m)),
            PValueBounds = (least, pValue),
            Exactness = DriftExactness.Bounded,
        };
    }
}
