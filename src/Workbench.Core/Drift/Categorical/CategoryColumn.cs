namespace Workbench.Drift.Categorical;

/// <summary>Rows of each category of one column of one side.</summary>
internal sealed record CategoryColumn(Dictionary<string, long> Counts, long Nulls)
{
    /// <summary>Rows that have a category.</summary>
    public long Count { get; } = Total(Counts);
    public long Rows => Count + Nulls;

    /// <summary>Rows of all categories.</summary>
    public static long Total(Dictionary<string, long> counts)
    {
        long total = 0;
        foreach (var (_, rows) in counts)
            total += rows;
        return total;
    }
}
