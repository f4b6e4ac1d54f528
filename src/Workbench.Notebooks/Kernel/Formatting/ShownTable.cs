namespace Workbench.Notebooks.Kernel.Formatting;

/// <summary>A column of a <see cref="ShownTable"/>.</summary>
/// <param name="Name">Header.</param>
/// <param name="Type">Shown under the header.</param>
/// <param name="IsNumeric">Whether values stand right.</param>
internal sealed record ShownColumn(string Name, string Type, bool IsNumeric);

/// <summary>What stands in a cell whose value could not be read.</summary>
internal sealed record CellFailure(string Message);

/// <summary>A part of a table that is to be shown.</summary>
internal sealed record ShownTable
{
    /// <summary>Most rows that travel to the front end.</summary>
    public const int MaximumRows = 1000;

    /// <summary>Most columns that travel to the front end.</summary>
    public const int MaximumColumns = 100;

    /// <summary>Rows that are seen without a script and in plain text.</summary>
    public const int PageSize = 20;

    public required IReadOnlyList<ShownColumn> Columns { get; init; }

    /// <summary>Each as wide as <see cref="Columns"/>. Null and DBNull are missing values.</summary>
    public required IReadOnlyList<object?[]> Rows { get; init; }

    /// <summary>All rows there are, or null when nobody knows.</summary>
    public long? TotalRows { get; init; }

    /// <summary>All columns there are.</summary>
    public int TotalColumns { get; init; }

    /// <summary>What a row is, such as "of Person"; may be empty.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Why reading the rows ended early, or null.</summary>
    public string? Failure { get; init; }

    public MimeBundle ToBundle() => MimeBundle.Of("text/html", TableHtml.Render(this), TableText.Render(this));

    /// <summary>The rows as texts; a column of midnights loses the time of day.</summary>
    public IReadOnlyList<object?[]> Texts()
    {
        var days = Enumerable.Range(0, Columns.Count).Where(HoldsDays).ToHashSet();
        return Rows.Select(row => row.Select((value, column) => value is DateTime day && days.Contains(column) ? ValueText.Day(day) : Text(value)).ToArray()).ToList();
    }

    private bool HoldsDays(int column) => Rows.All(row => row[column] is null or DBNull or DateTime { TimeOfDay.Ticks: 0, Kind: DateTimeKind.Unspecified });

    private static object? Text(object? value)
    {
        if (value is CellFailure)
            return value;
        try
        {
            return ValueText.Short(value);
        }
        catch (Exception failure) when (FormatFailure.IsOfTheValue(failure))
        {
            return new CellFailure(FormatFailure.Describe(failure));
        }
    }
}
