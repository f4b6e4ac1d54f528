namespace Workbench.Drift.Categorical;

/// <summary>Rows of each category of one column of one side.</summary>
internal sealed record CategoryColumn(IReadOnlyDictionary<string, long> Counts, long Nulls)
{
    /// <summary>Rows that have a category.</summary>
    public long Count { get; } = Counts.Values.Sum();
    public long Rows => Count + Nulls;
}
