namespace Workbench.Notebooks.Running;

/// <summary>Where a run stands.</summary>
/// <param name="CellsDone">Code cells that ended.</param>
/// <param name="CellsTotal">Code cells in all.</param>
/// <param name="CurrentCell">First line of the cell that runs now, or null when the run has ended.</param>
public sealed record NotebookProgress(int CellsDone, int CellsTotal, string? CurrentCell);
