using MathNet.Numerics.Distributions;

namespace Workbench.Drift.Causes;

/// <summary>What a slice did to the mean of all rows, and to the mix of rows. Pure.</summary>
internal static class SliceMath
{
    /// <summary>Standard errors from which the change of a mean counts: two-sided chance 0.0027.</summary>
    public const double Errors = 3;
    public const double Normal95 = 1.959964;

    /// <summary>Standard errors that one of so many slices needs, two-sided, for a chance of 0.05 that any of them has it by luck.</summary>
    public static double ErrorsAmong(long slices) => Math.Max(Errors, Normal.InvCDF(0, 1, 1 - 0.025 / Math.Max(1, slices)));

    /// <summary>q·(n - μ) - p·(m - μ) with its standard error, rows independent.</summary>
    public static (double Value, double Error) Contribution(TallyPair slice, TallyPair all)
    {
        double centre = Centre(all);
        var (current, currentVariance) = Part(slice.Current, all.Current.Count, centre);
        var (reference, referenceVariance) = Part(slice.Reference, all.Reference.Count, centre);
        return (current - reference, Math.Sqrt(currentVariance + referenceVariance));
    }

    /// <summary>The part of the contribution that comes from the slice's share: (q - p)·((m + n)/2 - μ); a side without such rows takes the other's mean.</summary>
    public static double Mix(TallyPair slice, TallyPair all)
    {
        if (slice.Reference.Count + slice.Current.Count == 0)
            return 0;
        double m = slice.Reference.Count > 0 ? slice.Reference.Mean : slice.Current.Mean;
        double n = slice.Current.Count > 0 ? slice.Current.Mean : slice.Reference.Mean;
        return (CurrentShare(slice, all) - ReferenceShare(slice, all)) * ((m + n) / 2 - Centre(all));
    }

    /// <summary>
    /// How much more of the change a slice holds than its part of the rows: contribution - (p + q)/2 · change, in the direction
    /// of the change. All rows together have 0, and so has any slice that only follows them.
    /// </summary>
    public static double Excess(TallyPair slice, TallyPair all)
    {
        double change = all.Current.Mean - all.Reference.Mean;
        return Math.Sign(change) * (Contribution(slice, all).Value - (ReferenceShare(slice, all) + CurrentShare(slice, all)) / 2 * change);
    }

    /// <summary>(q - p) ln(q / p), shares at least half a row.</summary>
    public static double Divergence(TallyPair slice, TallyPair all)
    {
        double p = Math.Max(ReferenceShare(slice, all), 0.5 / all.Reference.Count), q = Math.Max(CurrentShare(slice, all), 0.5 / all.Current.Count);
        return (q - p) * Math.Log(q / p);
    }

    /// <summary>The change of the share in standard errors.</summary>
    public static double ShareErrors(TallyPair slice, TallyPair all)
    {
        double p = ReferenceShare(slice, all), q = CurrentShare(slice, all);
        double pooled = (slice.Reference.Count + slice.Current.Count) / (all.Reference.Count + all.Current.Count);
        double error = Math.Sqrt(pooled * (1 - pooled) * (1 / all.Reference.Count + 1 / all.Current.Count));
        return error > 0 ? (q - p) / error : 0;
    }

    public static double ReferenceShare(TallyPair slice, TallyPair all) => slice.Reference.Count / all.Reference.Count;

    public static double CurrentShare(TallyPair slice, TallyPair all) => slice.Current.Count / all.Current.Count;

    /// <summary>Halfway between both means.</summary>
    public static double Centre(TallyPair all) => (all.Reference.Mean + all.Current.Mean) / 2;

    // Mean over all rows of (y - centre) on the slice and 0 elsewhere, and the variance of that mean.
    private static (double Mean, double Variance) Part(Tally slice, double rows, double centre)
    {
        var (sum, squares) = slice.About(centre);
        double mean = sum / rows;
        return (mean, Math.Max(0, squares / rows - mean * mean) / rows);
    }
}
