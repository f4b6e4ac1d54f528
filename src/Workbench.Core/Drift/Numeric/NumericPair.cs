namespace Workbench.Drift.Numeric;

/// <summary>A numeric column on both sides; each has at least one finite value.</summary>
internal sealed record NumericPair(NumericColumn Reference, NumericColumn Current)
{
    private MergedValues? _merged;

    /// <summary>Both sides as one list of distinct values; made at the first use.</summary>
    public MergedValues Merged => _merged ??= MergedValues.Of(Reference.Values, Current.Values);
}
