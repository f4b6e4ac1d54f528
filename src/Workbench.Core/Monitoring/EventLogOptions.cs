using System.ComponentModel.DataAnnotations;

namespace Workbench.Monitoring;

/// <summary>When appended events become visible to queries as Parquet.</summary>
public sealed class EventLogOptions
{
    /// <summary>Rows of one model after which a segment is closed. Default 5,000.</summary>
    [Range(1, 1_000_000)]
    public int SealAfterRows { get; set; } = 5_000;

    /// <summary>How often closed and open segments are written as Parquet. Default 2 s.</summary>
    public TimeSpan SealAfter { get; set; } = TimeSpan.FromSeconds(2);

    internal void Check()
    {
        if (SealAfterRows is < 1 or > 1_000_000)
            throw new ArgumentOutOfRangeException(nameof(SealAfterRows), SealAfterRows, "A segment takes 1 to 1,000,000 rows.");
        if (SealAfter <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(SealAfter), SealAfter, "Segments are written at an interval above zero, such as 00:00:02.");
    }
}
