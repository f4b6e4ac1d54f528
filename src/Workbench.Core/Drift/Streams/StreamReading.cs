namespace Workbench.Drift.Streams;

/// <summary>What reading a file's column as a stream found.</summary>
public sealed record StreamReading
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }
    /// <summary>The column.</summary>
    public required string Column { get; init; }
    /// <summary>The detector's name.</summary>
    public required string Detector { get; init; }
    /// <summary>Rows at the start of the file that were left out, as an earlier reading had seen them.</summary>
    public required long SkippedRows { get; init; }
    /// <summary>Rows of the file, those skipped included.</summary>
    public required long Rows { get; init; }
    /// <summary>Rows read now that have no value (NULL or NaN); the detector did not see them.</summary>
    public required long Missing { get; init; }
    /// <summary>Changes and first warnings, in order.</summary>
    public required IReadOnlyList<StreamDetection> Detections { get; init; }
}
