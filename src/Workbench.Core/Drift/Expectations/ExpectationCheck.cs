using System.Globalization;
using Workbench.Data;
using Workbench.Drift.Quality;
using Workbench.Drift.Quality.Scanning;
using Workbench.Drift.Sources;

namespace Workbench.Drift.Expectations;

/// <summary>Decides expectations on one side: all conditions on rows in one pass, a query each for what needs one, and a look at what broke.</summary>
internal sealed class ExpectationCheck(DuckInput data, int workers, CancellationToken cancellationToken)
{
    private const int Examples = 5;
    private const int WidestBatch = 64;
    // What rounding leaves of a whole number of rows.
    private const double Rounding = 1e-9;

    /// <summary>Whether a scan answers what it can; else SQL answers all, which is slower and says the same.</summary>
    internal bool ScansFirst { get; init; } = true;

    private sealed class Case(Expectation expectation, ExpectationTest test)
    {
        public Expectation Expectation => expectation;
        public ExpectationTest Test => test;
        public long Considered { get; set; }
        public long Violations { get; set; }
        public string? Found { get; set; } = test.Found;
        public IReadOnlyList<string> Names { get; set; } = [];
        public bool IsOpen { get; private set; } = true;

        public void Settle(SettledTest known) =>
            (Considered, Violations, Found, Names, IsOpen) = (known.Considered, known.Violations, known.Found ?? Found, known.Names, false);
    }

    public IReadOnlyList<ExpectationResult> Run(IReadOnlyList<Expectation> expectations, DateTimeOffset now)
    {
        var table = new CheckedTable(data.Relation, data.Rows, data.Columns, now);
        // Of a column that is not there, that alone is told.
        var cases = expectations.Where(one => one.Column is null || one is PresentExpectation || table.Has(one.Column)).Select(one => new Case(one, one.Test(table))).ToList();
        // No row breaks a condition, and no rows are no data.
        if (data.Rows == 0 && !expectations.OfType<RowsExpectation>().Any())
            cases.Insert(0, new(new RowsExpectation(1, null), new SettledTest(1, 1) { Found = QualityText.Rows(0) }));
        Probe(cases);
        Settle(cases);
        Count(cases);
        RelationWorkers.Run(data, cases.Where(one => one is { IsOpen: true, Test: RowTest { Extremes: not null } or RowTest { Examples: not null }, Violations: > 0 }).ToList(), workers, Show, cancellationToken);
        return cases.Select(Result).ToList();
    }

    // One scan of the columns knows most of it.
    private void Settle(IReadOnlyList<Case> cases)
    {
        var columns = cases.Where(one => one.Test is not SettledTest && one.Expectation.Column is not null).Select(one => one.Expectation.Column!).ToHashSet(StringComparer.Ordinal);
        bool comparesRows = cases.Any(one => one.Expectation is DuplicatesExpectation);
        var profile = TableScan.Run(data, new() { Chooses = column => comparesRows || columns.Contains(column), Workers = workers }, cancellationToken);
        foreach (var one in cases)
        {
            var settled = one.Test as SettledTest ?? (ScansFirst && one.Expectation.Column is { } column && profile.Find(column) is { } scanned ? one.Expectation.Settle(scanned) : null);
            if (settled is not null)
                one.Settle(settled);
            else if (ScansFirst && one.Expectation is DuplicatesExpectation)
                one.Settle(new(data.Rows, Repeated(profile)));
        }
    }

    private long Repeated(TableProfile profile)
    {
        using var query = new RelationQuery(data, cancellationToken);
        return DuplicateFindings.RepeatedRows(query, profile);
    }

    // What a user wrote as SQL or regular expression may be none; the message then names its line.
    private void Probe(IReadOnlyList<Case> cases)
    {
        using var query = new RelationQuery(data, cancellationToken);
        foreach (var one in cases)
        {
            string? sql = one.Expectation.Probe ?? (one is { Expectation: RelationExpectation, Test: RowTest rows } ? $"SELECT {rows.Violated} FROM {query.Relation} LIMIT 0" : null);
            if (sql is null)
                continue;
            try
            {
                query.Rows(sql);
            }
            catch (DataException failure)
            {
                string place = one.Expectation.Line is { } line ? $" (line {line.ToString(CultureInfo.InvariantCulture)})" : "";
                throw new DataException($"The expectation {one.Expectation.Rule}{(one.Expectation.Column is { } column ? $" of column '{column}'" : "")}{place} cannot be checked: {one.Expectation.Expected}. {failure.Message}", failure) { Line = one.Expectation.Line, Column = one.Expectation.Column };
            }
        }
    }

    private void Count(IReadOnlyList<Case> cases)
    {
        var rows = cases.Where(one => one is { IsOpen: true, Test: RowTest }).ToList();
        int size = Math.Clamp((rows.Count + workers - 1) / workers, 1, WidestBatch);
        List<Action<RelationQuery>> jobs =
        [
            .. cases.Where(one => one is { IsOpen: true, Test: QueryTest }).Select(one => (Action<RelationQuery>)(query => Ask(query, one))),
            .. rows.Chunk(size).Select(batch => (Action<RelationQuery>)(query => Ask(query, batch))),
        ];
        RelationWorkers.Run(data, jobs, workers, (query, job) => job(query), cancellationToken);
    }

    private static void Ask(RelationQuery query, Case one)
    {
        var row = query.Rows(((QueryTest)one.Test).Sql)[0]; // its caller chose it for its test
        (one.Considered, one.Violations) = (Whole(row[0]), Whole(row[1]));
        one.Found = row[2] as string;
    }

    private static void Ask(RelationQuery query, IReadOnlyList<Case> batch)
    {
        var counts = batch.Select(one => (RowTest)one.Test).SelectMany(test => new[] { $"count(*) FILTER (WHERE {test.Considered})", $"count(*) FILTER (WHERE {test.Considered} AND {test.Violated})" }).ToList();
        var row = query.Rows($"SELECT {string.Join(", ", counts)} FROM {query.Relation}")[0];
        for (int i = 0; i < batch.Count; i++)
            (batch[i].Considered, batch[i].Violations) = (Whole(row[2 * i]), Whole(row[2 * i + 1]));
    }

    private static void Show(RelationQuery query, Case one)
    {
        var test = (RowTest)one.Test; // its caller chose it for its test
        string broken = $"FROM {query.Relation} WHERE {test.Considered} AND {test.Violated}";
        if (test.Extremes is { } value && query.Rows($"SELECT min({value})::VARCHAR, max({value})::VARCHAR {broken}")[0] is [string least, string most])
            one.Found = least == most ? Brief(least) : $"{Brief(least)} to {Brief(most)}";
        if (test.Examples is { } column)
            one.Names = query.Rows($"SELECT {column}::VARCHAR, count(*) {broken} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {Examples}").Select(row => (string)row[0]!).ToList(); // only values that are there are considered
    }

    private static ExpectationResult Result(Case one)
    {
        var expectation = one.Expectation;
        return new()
        {
            Column = expectation.Column,
            Rule = expectation.Rule,
            Expected = expectation.Expected + (expectation.Mostly < 1 ? $" in {QualityText.Share(expectation.Mostly)}" : ""),
            Severity = expectation.Severity,
            Passed = one.Violations <= expectation.Tolerance * one.Considered + Rounding,
            Considered = one.Considered,
            Violations = one.Violations,
            Found = Found(one),
            Examples = one.Names.Take(Examples).Select(name => name.Length > 100 ? name[..100] : name).ToList(),
            Advice = expectation.Advice,
            Line = expectation.Line,
        };
    }

    private static string Found(Case one)
    {
        if (one.Test is not RowTest && one.Found is not null)
            return one.Found;
        if (one.Violations == 0)
            return one.Expectation is TypeExpectation ? one.Found ?? "" : "";
        string counted = FormattableString.Invariant($"{one.Violations:N0} of {one.Considered:N0}") + $" ({QualityText.Share((double)one.Violations / one.Considered)})";
        return one.Found is null ? counted : $"{counted}, {one.Found}";
    }

    private static string Brief(string value) => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? QualityText.Number(number) : value;

    private static long Whole(object? value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);
}
