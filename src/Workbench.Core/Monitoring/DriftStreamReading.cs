namespace Workbench.Monitoring;

/// <summary>What one reading of a model's errors found.</summary>
public sealed record DriftStreamReading
{
    /// <summary>Labelled predictions read now.</summary>
    public required long Rows { get; init; }
    /// <summary>Those of them that were wrong.</summary>
    public required long Errors { get; init; }
    /// <summary>Labelled predictions that were never read, because they came into the log after a reading had passed their time.</summary>
    public required long Late { get; init; }
    /// <summary>Changes and first warnings, in order.</summary>
    public required IReadOnlyList<DriftStreamDetection> Detections { get; init; }
    /// <summary>For the next reading.</summary>
    public required DriftStreamState State { get; init; }
}
