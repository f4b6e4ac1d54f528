namespace Workbench.Drift;

/// <summary>Rows of reference and current in the same k cells: categories or bins.</summary>
internal sealed record ShareTable(long[] Reference, long[] Current)
{
    public long ReferenceTotal { get; } = Reference.Sum();
    public long CurrentTotal { get; } = Current.Sum();

    public double ReferenceShare(int cell) => (double)Reference[cell] / ReferenceTotal;
    public double CurrentShare(int cell) => (double)Current[cell] / CurrentTotal;
}
