namespace Workbench.Drift.Sketches;

/// <summary>Rows of both sides in the same cells, as far as sketches know them.</summary>
/// <param name="Guess">The cells that the sketches make likely; exact when the ranges are points.</param>
/// <param name="Reference">Bounds of the reference's rows, a cell each.</param>
/// <param name="Current">Bounds of the current rows.</param>
/// <param name="AreCellsKnown">False when it is open how many cells the rows themselves would have; the bounds then bound nothing.</param>
internal sealed record BoundedShares(ShareTable Guess, CellRange[] Reference, CellRange[] Current, bool AreCellsKnown)
{
    public bool IsExact => AreCellsKnown && Array.TrueForAll(Reference, range => range.IsPoint) && Array.TrueForAll(Current, range => range.IsPoint);
}
