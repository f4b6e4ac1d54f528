namespace Workbench.Drift.Quality;

/// <summary>One thing that is wrong or odd. Names categories where a column has few, and never a row.</summary>
public sealed record DataQualityFinding
{
    /// <summary>How bad it is.</summary>
    public required QualitySeverity Severity { get; init; }
    /// <summary>The column; null for the whole table.</summary>
    public string? Column { get; init; }
    /// <summary>What it is about.</summary>
    public required QualityCheck Check { get; init; }
    /// <summary>What was found, as a sentence.</summary>
    public required string What { get; init; }
    /// <summary>The value that was found, such as <c>12.5 %</c>.</summary>
    public required string Value { get; init; }
    /// <summary>What would have been right, or null.</summary>
    public string? Allowed { get; init; }
    /// <summary>What to do.</summary>
    public required string Advice { get; init; }
    /// <summary>Rows concerned; null where rows are not what is counted.</summary>
    public long? Rows { get; init; }
}
