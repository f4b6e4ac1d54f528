namespace Workbench.Drift;

/// <summary>Says whether a verdict is certain although a statistic is known within bounds only.</summary>
/// <param name="LowestLevel">The lowest level of any test by p-value of the report.</param>
/// <param name="HighestLevel">The highest one.</param>
/// <param name="PValues">The report has no more p-values than this.</param>
/// <remarks>
/// Every correction for many columns gives an adjusted p-value between p and p times the number of p-values. A p above the
/// highest level therefore calls no drift and makes no other adjusted p-value fall to its level; a p whose product is at most
/// the lowest level always calls drift and counts among the smallest. In both cases its exact value changes no verdict of
/// any column.
/// </remarks>
internal sealed record VerdictMargin(double LowestLevel, double HighestLevel, int PValues)
{
    public bool IsOpen(DriftTest test, DriftMeasure measure)
    {
        if (measure.Exactness == DriftExactness.Estimated)
            return true;
        if (test.Direction.IsByPValue())
            return measure.PValueBounds is { } p && p.Lower <= HighestLevel && p.Upper * PValues > LowestLevel;
        return measure.Bounds is { } bounds
            && test.Direction.IsDrift(bounds.Lower, null, test.Threshold) != test.Direction.IsDrift(bounds.Upper, null, test.Threshold);
    }
}
