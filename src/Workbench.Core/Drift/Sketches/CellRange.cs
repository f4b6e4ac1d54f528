namespace Workbench.Drift.Sketches;

/// <summary>Rows of one side in a cell: between these.</summary>
internal readonly record struct CellRange(long Least, long Most)
{
    public bool IsPoint => Least == Most;
}
