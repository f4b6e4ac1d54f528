using Workbench.Data;
using Workbench.Drift.Quality.Scanning;
using Workbench.Drift.Sources;

namespace Workbench.Drift.Expectations;

/// <summary>Columns of which one is never greater than another: times, and numbers whose names say so.</summary>
internal static class RelationInference
{
    private const int MostTimes = 8;
    private const int FewestRows = 10;
    private static readonly (string Small, string Large)[] Words = [("min", "max"), ("start", "end"), ("low", "high"), ("lower", "upper"), ("from", "to"), ("first", "last"), ("begin", "end")];

    public static IEnumerable<Expectation> Of(DuckInput reference, TableProfile table, CancellationToken cancellationToken)
    {
        var pairs = Pairs(table).ToList();
        if (pairs.Count == 0)
            return [];
        using var query = new RelationQuery(reference, cancellationToken);
        var counts = query.Rows($"SELECT {string.Join(", ", pairs.Select(Counts))} FROM {query.Relation}")[0].Select(count => (long)count!).ToList(); // a count is never NULL
        var reserved = query.Rows("SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category = 'reserved'").Select(row => (string)row[0]!).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return pairs.Select((pair, i) => (pair, Smaller: counts[2 * i], Greater: counts[2 * i + 1])).Where(one => (one.Smaller == 0) != (one.Greater == 0) && one.Smaller + one.Greater >= FewestRows)
            .Select(one => one.Greater == 0 ? one.pair : (One: one.pair.Other, Other: one.pair.One))
            .Select(pair => new RelationExpectation($"{Name(pair.One, reserved)} <= {Name(pair.Other, reserved)}")).ToList();
    }

    private static IEnumerable<(string One, string Other)> Pairs(TableProfile table)
    {
        var times = table.Columns.Where(column => column.Kind == ValueKind.Time).Take(MostTimes).ToList();
        for (int i = 0; i < times.Count; i++)
            for (int j = i + 1; j < times.Count; j++)
                if (times[i].Type == times[j].Type)
                    yield return (times[i].Column, times[j].Column);
        foreach (var column in table.Columns.Where(column => column.Kind.IsNumeric()))
            foreach (var (small, large) in Words)
                if (Replace(column.Column, small, large) is { } other && table.Find(other)?.Kind.IsNumeric() == true)
                    yield return (column.Column, other);
    }

    // "min_price" and "price_min" become their counterparts; "minutes" does not.
    private static string? Replace(string name, string small, string large)
    {
        var parts = name.Split('_');
        int at = Array.FindIndex(parts, part => part.Equals(small, StringComparison.Ordinal));
        if (at < 0)
            return null;
        parts[at] = large;
        return string.Join('_', parts);
    }

    private static string Counts((string One, string Other) pair)
    {
        var (one, other) = (DuckSession.Identifier(pair.One), DuckSession.Identifier(pair.Other));
        return $"count(*) FILTER (WHERE {one} < {other}), count(*) FILTER (WHERE {one} > {other})";
    }

    // Quotes only where they are needed: people edit this.
    private static string Name(string column, HashSet<string> reserved) =>
        column.Length > 0 && !char.IsAsciiDigit(column[0]) && column.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_') && !reserved.Contains(column) ? column : DuckSession.Identifier(column);
}
