namespace Workbench.Drift;

/// <summary>How far a comparison or a profile is.</summary>
/// <param name="Done">Columns that were measured or left out.</param>
/// <param name="Total">Columns to look at.</param>
/// <param name="Column">The column that was done last.</param>
/// <param name="Rows">Rows of both sides, each column's values among them.</param>
/// <param name="Elapsed">Time since the reading began.</param>
public sealed record DriftProgress(int Done, int Total, string Column, long Rows, TimeSpan Elapsed)
{
    /// <summary>Time left if the other columns take as long as those done; null before the first.</summary>
    public TimeSpan? Left => Done == 0 ? null : Elapsed * ((double)(Total - Done) / Done);
}
