namespace Workbench.Drift.Quality.Scanning;

/// <summary>What one scan counted in one column.</summary>
internal sealed record ColumnProfile
{
    public required string Column { get; init; }
    /// <summary>DuckDB's name of the type.</summary>
    public required string Type { get; init; }
    public required ValueKind Kind { get; init; }
    public required long Rows { get; init; }
    public long Nulls { get; init; }
    /// <summary>NaN.</summary>
    public long NotNumbers { get; init; }
    /// <summary>Texts of nothing but spaces, tabs and line ends.</summary>
    public long Blanks { get; init; }
    public long Infinite { get; init; }
    /// <summary>Smallest finite value: of a time in microseconds since 1970, of a text its length in characters; null without one.</summary>
    public double? Least { get; init; }
    public double? Greatest { get; init; }
    public double? Mean { get; init; }
    /// <summary>Different values among those not missing.</summary>
    public long Distinct { get; init; }
    public bool IsDistinctExact { get; init; }
    /// <summary>Rows of each value as text when the values are few and no names of rows; else null.</summary>
    public IReadOnlyDictionary<string, long>? Categories { get; init; }
    /// <summary>The value in most rows as text, and its rows; null when it is not known.</summary>
    public (string Value, long Rows)? Usual { get; init; }
    /// <summary>A value that may fill nearly all rows, as SQL and as text; its rows are still to be counted.</summary>
    public (string Sql, string Text)? Candidate { get; init; }
    /// <summary>Rows below the reference's smallest and above its greatest value.</summary>
    public long Below { get; init; }
    public long Above { get; init; }
    /// <summary>Of these, rows that lie beyond by more than the reference's whole range.</summary>
    public long Far { get; init; }
    /// <summary>Part of the texts that are numbers.</summary>
    public double NumericShare { get; init; }
    /// <summary>Texts that begin or end with a space.</summary>
    public long Padded { get; init; }
    /// <summary>The numbers of the first rows, NaN where one is missing or infinite; empty for other columns.</summary>
    public IReadOnlyList<double> Sample { get; init; } = [];
    /// <summary>Regular expression of all texts, or null.</summary>
    public string? Shape { get; init; }
    /// <summary>Whether no whole number or time is smaller than the one before.</summary>
    public bool IsRising { get; init; }

    public long Missing => Nulls + NotNumbers + Blanks;
    public long Present => Rows - Missing;
    public double MissingShare => Rows == 0 ? 0 : (double)Missing / Rows;
    /// <summary>Whether each value is there once; only where that was counted exactly.</summary>
    public bool IsUnique => IsDistinctExact && Present > 0 && Distinct == Present;
}
