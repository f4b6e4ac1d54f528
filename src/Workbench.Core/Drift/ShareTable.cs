namespace Workbench.Drift;

/// <summary>Rows of reference and current in the same k cells: categories or bins.</summary>
internal sealed record ShareTable(long[] Reference, long[] Current)
{
    public long ReferenceTotal { get; } = Total(Reference);
    public long CurrentTotal { get; } = Total(Current);

    public double ReferenceShare(int cell) => (double)Reference[cell] / ReferenceTotal;
    public double CurrentShare(int cell) => (double)Current[cell] / CurrentTotal;

    private static long Total(long[] rows)
    {
        long total = 0;
        foreach (long some in rows)
            total += some;
        return total;
    }
}
