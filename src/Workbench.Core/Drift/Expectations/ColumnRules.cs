using System.Globalization;
using Workbench.Data;
using Workbench.Drift.Quality;
using Workbench.Drift.Quality.Scanning;

namespace Workbench.Drift.Expectations;

// The rules of one column; each is small, and they are read together.

/// <summary>The column is there; the one rule that a file does not write, but takes away by <c>optional: true</c>.</summary>
internal sealed record PresentExpectation : Expectation
{
    public override string Rule => "present";
    public override string Expected => "the column is there";
    public override string Advice => "Rename or add the column, or write 'optional: true' below it in the file.";
    public override IReadOnlyList<(string, string)> Arguments => [];
    public override string? Short => null;

    public override ExpectationTest Test(CheckedTable table) => table.Has(Column!) // its column is always set
        ? new SettledTest(1, 0)
        : new SettledTest(1, 1) { Found = $"no such column.{Suggestion.DidYouMean(Column!, table.Names)}" };
}

/// <summary>The kind of the values.</summary>
internal sealed record TypeExpectation(ValueKind Kind) : Expectation
{
    public static IReadOnlyList<string> Known { get; } = [.. Enum.GetValues<ValueKind>().Where(kind => kind != ValueKind.Other).Select(kind => kind.Word())];

    public override string Rule => "type";
    public override string Expected => Kind.Word();
    public override string Advice => "Mend the source, or convert the column before it is used.";
    public override IReadOnlyList<(string, string)> Arguments => [("is", Kind.Word())];
    public override string? Short => Kind.Word();

    public override ExpectationTest Test(CheckedTable table)
    {
        var column = table.Column(Column!);
        string violated = (Kind, column.Kind) switch
        {
            (ValueKind.Integer, ValueKind.Number) => $"({column.Number} <> floor({column.Number}))",
            (ValueKind.Number, ValueKind.Integer) => "false",
            var (expected, found) => expected == found ? "false" : "true",
        };
        return new RowTest(column.IsPresent, violated) { Found = column.Type };
    }

    public override SettledTest? Settle(ColumnProfile column) =>
        column.Kind == Kind || Kind == ValueKind.Number && column.Kind == ValueKind.Integer ? new(column.Present, 0) { Found = column.Type }
        : Kind == ValueKind.Integer && column.Kind == ValueKind.Number ? null
        : new(column.Present, column.Present) { Found = column.Type };
}

/// <summary>How many values may be NULL, NaN or blank.</summary>
internal sealed record MissingExpectation(double Max) : Expectation
{
    public override string Rule => "missing";
    public override string Expected => Max == 0 ? "no missing value" : $"at most {QualityText.Share(Max)} missing";
    public override string Advice => "Look for the cause at the source, or fill the values.";
    public override double Tolerance => Max;
    public override IReadOnlyList<(string, string)> Arguments => [("max", YamlText.Number(Max))];
    public override string? Short => YamlText.Number(Max);

    public override ExpectationTest Test(CheckedTable table) => new RowTest("true", $"NOT {table.Column(Column!).IsPresent}");

    public override SettledTest? Settle(ColumnProfile column) => new(column.Rows, column.Missing);
}

/// <summary>No number is infinite.</summary>
internal sealed record FiniteExpectation : Expectation
{
    public override string Rule => "finite";
    public override string Expected => "no infinite value";
    public override string Advice => "Look for a division by zero or an overflow.";
    public override IReadOnlyList<(string, string)> Arguments => [];
    public override string? Short => "true";

    public override ExpectationTest Test(CheckedTable table)
    {
        var column = table.Column(Column!);
        return new RowTest(column.IsPresent, $"NOT {column.IsFinite}");
    }

    public override SettledTest? Settle(ColumnProfile column) => new(column.Present, column.Infinite);
}

/// <summary>Each value is one of these.</summary>
internal sealed record ValuesExpectation(IReadOnlyList<string> Allowed) : Expectation
{
    public override string Rule => "values";
    public override string Expected => $"one of {QualityText.List(Allowed, 8)}";
    public override string Advice => "Check how they are spelt, or add the new ones to the file.";
    public override IReadOnlyList<(string, string)> Arguments => [("allowed", YamlText.List(Allowed))];
    public override string? Short => YamlText.List(Allowed);

    public override ExpectationTest Test(CheckedTable table)
    {
        var column = table.Column(Column!);
        var numbers = Allowed.Select(value => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : (double?)null).ToList();
        // 5 and 5.0 are one number, and two texts.
        string violated = column.Kind.IsNumeric() && !numbers.Contains(null)
            ? $"{column.Number} NOT IN ({string.Join(", ", numbers.Select(number => YamlText.Number(number!.Value) + "::DOUBLE"))})"
            : $"{column.Sql}::VARCHAR NOT IN ({string.Join(", ", Allowed.Select(DuckSession.Literal))})";
        return new RowTest(column.IsPresent, violated) { Examples = column.Sql };
    }

    public override SettledTest? Settle(ColumnProfile column)
    {
        if (column.Categories is not { } categories)
            return null;
        var others = categories.Where(pair => !Allowed.Contains(pair.Key)).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        return new(column.Present, others.Sum(pair => pair.Value)) { Names = [.. others.Select(pair => pair.Key)] };
    }
}

/// <summary>Each value is there once.</summary>
internal sealed record UniqueExpectation : Expectation
{
    public override string Rule => "unique";
    public override string Expected => "each value once";
    public override string Advice => "Look for rows that were loaded twice, or for a join that multiplied them.";
    public override IReadOnlyList<(string, string)> Arguments => [];
    public override string? Short => "true";

    public override ExpectationTest Test(CheckedTable table)
    {
        var column = table.Column(Column!);
        return new QueryTest($"SELECT count(*), count(*) - count(DISTINCT {column.Sql}), NULL FROM {table.Relation} WHERE {column.IsPresent}");
    }

    public override SettledTest? Settle(ColumnProfile column) => column.IsDistinctExact && column.Infinite == 0 ? new(column.Present, column.Present - column.Distinct) : null;
}

/// <summary>Each text matches from end to end (RE2).</summary>
internal sealed record PatternExpectation(string Regex) : Expectation
{
    public override string Rule => "pattern";
    public override string Expected => $"matches {Regex}";
    public override string Advice => "Look for another format at the source, or mend the regular expression.";
    public override IReadOnlyList<(string, string)> Arguments => [("regex", YamlText.Quote(Regex))];
    public override string? Short => YamlText.Quote(Regex);
    public override string? Probe => $"SELECT regexp_full_match('', {DuckSession.Literal(Regex)})";

    public override ExpectationTest Test(CheckedTable table)
    {
        var column = table.Column(Column!);
        return new RowTest(column.IsPresent, $"NOT regexp_full_match({column.Sql}::VARCHAR, {DuckSession.Literal(Regex)})");
    }
}

/// <summary>Characters of each text.</summary>
internal sealed record LengthExpectation(long? Min, long? Max) : Expectation
{
    public override string Rule => "length";
    public override string Expected => YamlText.Between(Min, Max) + " characters";
    public override string Advice => "Look for texts that were cut off, joined or left empty.";
    public override IReadOnlyList<(string, string)> Arguments => YamlText.Bounds(Min, Max);
    public override string? Short => YamlText.Pair(Min, Max);

    public override ExpectationTest Test(CheckedTable table)
    {
        var column = table.Column(Column!);
        string length = $"length({column.Sql}::VARCHAR)";
        return new RowTest(column.IsPresent, $"NOT ({YamlText.Condition(length, Min, Max)})") { Extremes = length };
    }

    public override SettledTest? Settle(ColumnProfile column) =>
        column.Kind == ValueKind.Text && !(column.Least < Min) && !(column.Greatest > Max) ? new(column.Present, 0) : null;
}

/// <summary>No value is smaller than the one in the row before.</summary>
internal sealed record IncreasingExpectation(bool Strictly) : Expectation
{
    public override string Rule => "increasing";
    public override string Expected => Strictly ? "greater from row to row" : "never smaller from row to row";
    public override string Advice => "Sort the rows, or look for late and doubled ones.";
    public override IReadOnlyList<(string, string)> Arguments => [("strictly", Strictly ? "true" : "false")];
    public override string? Short => Strictly ? null : "true";

    public override ExpectationTest Test(CheckedTable table)
    {
        var column = table.Column(Column!);
        return new QueryTest($"SELECT count(earlier), count(*) FILTER (WHERE later {(Strictly ? "<=" : "<")} earlier), NULL FROM (SELECT {column.Sql} AS later, lag({column.Sql}) OVER () AS earlier FROM {table.Relation} WHERE {column.IsPresent})");
    }

    public override SettledTest? Settle(ColumnProfile column) => column is { IsRising: true, Present: > 0 } && !Strictly ? new(column.Present - 1, 0) : null;
}

/// <summary>The newest time is no older.</summary>
internal sealed record MaxAgeExpectation(TimeSpan Limit) : Expectation
{
    public override string Rule => "max_age";
    public override string Expected => $"newest at most {QualityText.Age(Limit)} old";
    public override string Advice => "Ask the source why nothing newer came.";
    public override IReadOnlyList<(string, string)> Arguments => [("limit", YamlText.Age(Limit))];
    public override string? Short => YamlText.Age(Limit);

    public override ExpectationTest Test(CheckedTable table)
    {
        var column = table.Column(Column!);
        long earliest = (table.Now.UtcTicks - DateTime.UnixEpoch.Ticks - Limit.Ticks) / 10;
        string finite = column.Kind == ValueKind.Time ? column.IsFinite : column.IsPresent;
        return new QueryTest($"SELECT 1, CASE WHEN max({column.Time}) >= {YamlText.Number(earliest)} THEN 0 ELSE 1 END, 'newest ' || coalesce(max({column.Sql})::VARCHAR, 'none') FROM {table.Relation} WHERE {finite}");
    }
}
