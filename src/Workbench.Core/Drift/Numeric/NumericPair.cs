namespace Workbench.Drift.Numeric;

/// <summary>A numeric column on both sides; each has at least one finite value.</summary>
internal sealed record NumericPair(NumericColumn Reference, NumericColumn Current)
{
    private MergedValues? _merged;

    /// <summary>Both sides as one list of distinct values; made at the first use.</summary>
    public MergedValues Merged => _merged ??= MergedValues.Of(Reference.Values, Current.Values);

    /// <summary>Rows in the bins that split the reference into <paramref name="parts"/> equal parts.</summary>
    public ShareTable Bins(int parts)
    {
        var edges = NumericBins.ByQuantiles(Reference.Values, parts);
        return new(NumericBins.Count(Reference.Values, edges), NumericBins.Count(Current.Values, edges));
    }
}
