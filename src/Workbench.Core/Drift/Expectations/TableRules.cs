using Workbench.Data;
using Workbench.Drift.Quality;

namespace Workbench.Drift.Expectations;

// The rules of the whole table.

/// <summary>How many rows there are.</summary>
internal sealed record RowsExpectation(long? Min, long? Max) : Expectation
{
    public override string Rule => "rows";
    public override string Expected => YamlText.Between(Min, Max) + " rows";
    public override string Advice => "Look for a load that broke off, a filter, or rows that were loaded twice.";
    public override IReadOnlyList<(string, string)> Arguments => YamlText.Bounds(Min, Max);
    public override string? Short => YamlText.Pair(Min, Max);

    public override ExpectationTest Test(CheckedTable table) =>
        new SettledTest(1, table.Rows >= (Min ?? 0) && table.Rows <= (Max ?? long.MaxValue) ? 0 : 1) { Found = QualityText.Rows(table.Rows) };
}

/// <summary>No column beyond those that are listed.</summary>
internal sealed record OtherColumnsExpectation(IReadOnlyList<string> Listed) : Expectation
{
    public override string Rule => "other_columns";
    public override string Expected => "no other column";
    public override string Advice => "List them below 'columns' if they are right.";
    public override IReadOnlyList<(string, string)> Arguments => [];
    public override string? Short => Severity == QualitySeverity.Error ? "error" : "warn";

    public override ExpectationTest Test(CheckedTable table)
    {
        var others = table.Names.Except(Listed, StringComparer.Ordinal).ToList();
        return new SettledTest(table.Names.Count, others.Count) { Names = others };
    }
}

/// <summary>How many rows may be the same as another in every column.</summary>
internal sealed record DuplicatesExpectation(double Max) : Expectation
{
    public override string Rule => "duplicates";
    public override string Expected => Max == 0 ? "no row twice" : $"at most {QualityText.Share(Max)} of the rows twice";
    public override string Advice => "Look for a file that was loaded twice; keep one of each.";
    public override double Tolerance => Max;
    public override IReadOnlyList<(string, string)> Arguments => [("max", YamlText.Number(Max))];
    public override string? Short => YamlText.Number(Max);

    public override ExpectationTest Test(CheckedTable table) =>
        new QueryTest($"SELECT count(*), count(*) - count(DISTINCT hash({string.Join(", ", table.Names.Select(DuckSession.Identifier))})), NULL FROM {table.Relation}");
}

/// <summary>Columns that together are there once.</summary>
internal sealed record KeyExpectation(IReadOnlyList<string> Columns) : Expectation
{
    public override string Rule => "key";
    public override string Expected => $"{string.Join(", ", Columns)} together once";
    public override string Advice => "Look for rows that were loaded twice, or for a join that multiplied them.";
    public override IReadOnlyList<(string, string)> Arguments => [("columns", YamlText.List(Columns))];
    public override string? Short => YamlText.List(Columns);

    public override ExpectationTest Test(CheckedTable table)
    {
        if (Columns.FirstOrDefault(column => !table.Has(column)) is { } unknown)
            return new SettledTest(1, 1) { Found = $"no column '{unknown}'.{Suggestion.DidYouMean(unknown, table.Names)}" };
        return new QueryTest($"SELECT count(*), count(*) - count(DISTINCT ({string.Join(", ", Columns.Select(DuckSession.Identifier))})), NULL FROM {table.Relation}");
    }
}

/// <summary>A condition in SQL on the columns of a row that is true, or NULL.</summary>
internal sealed record RelationExpectation(string Sql) : Expectation
{
    public override string Rule => "relations";
    public override string Expected => Sql;
    public override string Advice => "Look for columns that were swapped or filled by different clocks.";
    public override IReadOnlyList<(string, string)> Arguments => [("sql", YamlText.Quote(Sql))];
    public override string? Short => YamlText.Quote(Sql);

    public override ExpectationTest Test(CheckedTable table) => new RowTest($"(({Sql}) IS NOT NULL)", $"NOT ({Sql})");
}
