namespace Workbench.Drift.Expectations;

/// <summary>How an expectation is decided on a given table.</summary>
internal abstract record ExpectationTest
{
    /// <summary>What was found instead, when that is known without looking at rows.</summary>
    public string? Found { get; init; }
}

/// <summary>By conditions on a row, in SQL: which rows are looked at, and which of them break it.</summary>
internal sealed record RowTest(string Considered, string Violated) : ExpectationTest
{
    /// <summary>An expression whose smallest and greatest value among the broken rows is told; null for none.</summary>
    public string? Extremes { get; init; }
    /// <summary>A column of categories whose most frequent values among the broken rows are told; null for none.</summary>
    public string? Examples { get; init; }
}

/// <summary>By a query of one row: what was looked at, how much of it breaks it, and what was found as text or NULL.</summary>
internal sealed record QueryTest(string Sql) : ExpectationTest;

/// <summary>Without a look at the rows.</summary>
internal sealed record SettledTest(long Considered, long Violations) : ExpectationTest
{
    /// <summary>Names that show it.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];
}
