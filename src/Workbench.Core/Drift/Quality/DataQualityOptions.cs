using Workbench.Data;

namespace Workbench.Drift.Quality;

/// <summary>What a quality report looks at, and from where on it speaks up.</summary>
public sealed class DataQualityOptions
{
    /// <summary>Columns to look at; null means all.</summary>
    public IReadOnlyList<string>? Columns { get; init; }
    /// <summary>Columns to leave out; they may be absent.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];
    /// <summary>Columns that together name a row; default none.</summary>
    public IReadOnlyList<string> Key { get; init; } = [];
    /// <summary>Column of times whose newest value says how fresh the data is; default none.</summary>
    public string? Time { get; init; }
    /// <summary>Oldest that the newest value of <see cref="Time"/> may be; null sets no limit.</summary>
    public TimeSpan? MaxAge { get; init; }
    /// <summary>What time it is.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
    /// <summary>Part of the values that may be missing, or missing more than in the reference, in [0, 1]; default 0.05.</summary>
    public double MissingShare { get; init; } = 0.05;
    /// <summary>Part of the numbers that may lie beyond the reference's, in [0, 1]; default 0.01.</summary>
    public double OutOfRangeShare { get; init; } = 0.01;
    /// <summary>Part of the rows with categories that the reference lacks from which on it is a warning, in (0, 1]; default 0.01.</summary>
    public double NewCategoryShare { get; init; } = 0.01;
    /// <summary>A column is almost constant when one value fills this part of its values, in [0.98, 1]; default 0.99.</summary>
    public double AlmostConstantShare { get; init; } = 0.99;
    /// <summary>
    /// Rows may be this many times as many or as few as usual, above 1. Null: twice the rows of the reference's fullest file and
    /// half those of its emptiest when it has several files, ten times the reference when it is a whole.
    /// </summary>
    public double? RowFactor { get; init; }
    /// <summary>Whether rows that are the same in every column are counted; default true. It may cost a further scan.</summary>
    public bool DuplicateRows { get; init; } = true;
    /// <summary>Whether columns that say the same are looked for; default true.</summary>
    public bool TwinColumns { get; init; } = true;
    /// <summary>Scans at the same time. Default: one a core.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    internal bool Chooses(string column) => (Columns?.Contains(column) ?? true) && !Exclude.Contains(column);

    /// <summary>All findings at once.</summary>
    internal void Validate(string name, IReadOnlyList<string> columns)
    {
        var findings = new List<string>();
        foreach (var (setting, value, least) in new[] { (nameof(MissingShare), MissingShare, 0), (nameof(OutOfRangeShare), OutOfRangeShare, 0), (nameof(NewCategoryShare), NewCategoryShare, double.Epsilon), (nameof(AlmostConstantShare), AlmostConstantShare, 0.98) })
            if (!(value >= least && value <= 1))
                findings.Add(FormattableString.Invariant($"{setting} is {value}; allowed: {(least is double.Epsilon ? "above 0" : FormattableString.Invariant($"{least}"))} to 1."));
        if (RowFactor is { } factor && !(factor > 1 && double.IsFinite(factor)))
            findings.Add(FormattableString.Invariant($"RowFactor is {factor}; allowed: above 1."));
        if (Workers < 1)
            findings.Add($"Workers is {Workers}; allowed: 1 and more.");
        if (MaxAge is { } age && (Time is null || age <= TimeSpan.Zero))
            findings.Add(Time is null ? "MaxAge needs Time, the column that says how old a row is." : $"MaxAge is {age}; allowed: above 0.");
        foreach (string column in (Columns ?? []).Concat(Key).Concat(Time is null ? [] : [Time]).Distinct(StringComparer.Ordinal).Where(column => !columns.Contains(column)))
            findings.Add($"'{name}' has no column '{column}'.{Suggestion.DidYouMean(column, columns)} Its columns: {string.Join(", ", columns.Take(50))}.");
        if (findings.Count > 0)
            throw new DataException("The quality options do not fit: " + string.Join(" ", findings));
    }
}
