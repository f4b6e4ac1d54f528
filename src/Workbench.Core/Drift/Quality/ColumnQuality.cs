namespace Workbench.Drift.Quality;

/// <summary>What a column holds, in figures.</summary>
public sealed record ColumnQuality
{
    /// <summary>Name of the column.</summary>
    public required string Column { get; init; }
    /// <summary>Its type as DuckDB calls it.</summary>
    public required string Type { get; init; }
    /// <summary>Rows whose value is NULL, NaN or a blank text.</summary>
    public required long Missing { get; init; }
    /// <summary>Part of the rows that miss the value, in [0, 1].</summary>
    public required double MissingShare { get; init; }
    /// <summary>The same of the reference; null without one.</summary>
    public double? ReferenceMissingShare { get; init; }
    /// <summary>Different values among those that are there.</summary>
    public required long Distinct { get; init; }
    /// <summary>Whether <see cref="Distinct"/> was counted; else it is estimated, within 5 % (three standard errors).</summary>
    public required bool IsDistinctExact { get; init; }
    /// <summary>Smallest number or earliest time; of a text the fewest characters; null without a value.</summary>
    public string? Least { get; init; }
    /// <summary>Greatest number or latest time; of a text the most characters; null without a value.</summary>
    public string? Greatest { get; init; }
    /// <summary>Mean of the numbers; null for other columns.</summary>
    public double? Mean { get; init; }
    /// <summary>The value in most rows, where the different values are few; else null.</summary>
    public string? Usual { get; init; }
    /// <summary>Part of the rows with a value that have <see cref="Usual"/>, in (0, 1].</summary>
    public double? UsualShare { get; init; }
}
