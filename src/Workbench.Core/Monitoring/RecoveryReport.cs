namespace Workbench.Monitoring;

/// <summary>What an event log found that a process had left behind when it died, and turned into Parquet.</summary>
/// <param name="Segments">Segments that were left.</param>
/// <param name="Rows">Whole rows in them; all were kept.</param>
/// <param name="TornFiles">
/// Files that hold what could not be read: a last line whose writing was cut off, and so was never acknowledged, or a damaged line.
/// </param>
public sealed record RecoveryReport(int Segments, int Rows, IReadOnlyList<string> TornFiles);
