using Workbench.Core.Tests.Drift.Quality;
using Workbench.Data;
using Workbench.Drift;
using Workbench.Drift.Expectations;
using Workbench.Drift.Quality;
using Workbench.Drift.Quality.Scanning;

namespace Workbench.Core.Tests.Drift.Expectations;

public sealed class DataExpectationsTests : IDisposable
{
    private readonly TestTables _tables = new();

    public void Dispose() => _tables.Dispose();

    [Fact]
    public void Infer_AnyReference_KeepsItsOwnExpectationsAlsoFromItsFile()
    {
        for (int seed = 1; seed <= 12; seed++)
        {
            string path = _tables.Mixed(seed, rows: 40 + 130 * seed);
            var inferred = DataExpectations.Infer(path, new() { Mostly = 1, Margin = seed % 2 * 0.1 });

            string yaml = inferred.ToYaml();
            var read = DataExpectations.Parse(yaml);

            Assert.Equal(Body(yaml), read.ToYaml());
            foreach (var report in new[] { inferred.Check(path), read.Check(path) })
                Assert.True(report.Passed && report.Warnings == 0 && report.Results.Count >= 40, $"seed {seed}: {string.Join("; ", report.Results.Where(result => !result.Passed))}");
        }
    }

    [Fact]
    public void Infer_Reference_WritesWhatItIsLike()
    {
        string path = _tables.Parquet("orders", """
            SELECT 'A-' || lpad(i::VARCHAR, 4, '0') AS id, 18 + i % 60 AS age, i % 12 + 1 AS month, i / 4.0 AS amount, ['yes', 'no'][i % 2 + 1] AS answer, CASE WHEN i % 10 > 0 THEN i END AS gap,
              TIMESTAMP '2025-01-01' + INTERVAL (i) HOUR AS start, TIMESTAMP '2025-01-02' + INTERVAL (i) HOUR AS "end", repeat('lorem ', i % 9 + 1) || i AS note
            FROM range(1000) rows(i) ORDER BY i
            """);

        // 0.1 of the width more at each end, rounded outwards; no margin for months; 1.5 · 0.1 + 0.01 may be missing.
        Assert.Equal("""
            version: 1
            rows: [500, 2000]
            other_columns: warn
            relations:
              - 'start <= "end"'
            columns:
              id:
                type: text
                missing: 0
                unique: true
                pattern: {regex: 'A-[0-9]{4}', mostly: 0.99}
              age:
                type: integer
                missing: 0
                range: {min: 12, max: 83, mostly: 0.99}
              month:
                type: integer
                missing: 0
                range: {min: 1, max: 12, mostly: 0.99}
              amount:
                type: number
                missing: 0
                finite: true
                range: {min: 0, max: 280, mostly: 0.99}
              answer:
                type: text
                missing: 0
                values: {allowed: ['no', 'yes'], mostly: 0.99}
              gap:
                type: integer
                missing: 0.16
                unique: true
              start:
                type: time
                missing: 0
                increasing: true
              end:
                type: time
                missing: 0
                increasing: true
              note:
                type: text
                missing: 0
                unique: true
                length: {min: 1, max: 114, mostly: 0.99}

            """.ReplaceLineEndings("\n"), Body(DataExpectations.Infer(path).ToYaml()));
    }

    [Fact]
    public void Check_HandMadeTable_CountsViolations()
    {
        string path = _tables.Parquet("table", """
            SELECT * FROM (VALUES
              (1, 18, 'red',   'A1', TIMESTAMP '2025-01-01', 1.5::DOUBLE, 3),
              (2, 17, 'green', 'A2', TIMESTAMP '2025-01-03', 'inf', 2),
              (2, 40, 'green', 'b3', TIMESTAMP '2025-01-02', 'nan', 5),
              (4, 99, 'blue',  'A44', TIMESTAMP '2025-01-04', 2.0, 1),
              (5, NULL, '',    'A5', TIMESTAMP '2025-01-05', 3.0, 9)) t(id, age, colour, code, "at", real, low)
            """);
        var clock = new ReplayClock(new(2025, 1, 7, 0, 0, 0, TimeSpan.Zero));
        var report = DataExpectations.Parse("""
            rows: [1, 4]
            other_columns: warn
            key: [id, age]
            relations:
              - low <= id
              - {sql: 'age > 0', severity: warn}
            columns:
              id: {type: integer, unique: true, missing: 0}
              age: {type: text, missing: 0.2, range: [18, 65]}
              colour: {values: [red, blue], missing: {max: 0, severity: warn}}
              code: {pattern: 'A[0-9]', length: {max: 2, mostly: 0.8}}
              at: {increasing: true, max_age: 1d, range: {min: 2025-01-02}}
              real: {finite: true, range: {max: 2.5}}
              lost: {unique: true}
              absent: {optional: true, unique: true}
            """).Check(path, clock);

        var broken = report.Results.Where(result => !result.Passed).Select(result => (result.Column, result.Rule, result.Violations, result.Considered)).ToList();
        Assert.Equal<(string?, string, long, long)>(
        [
            (null, "rows", 1, 1), (null, "other_columns", 1, 7), (null, "relations", 3, 5), ("id", "unique", 1, 5), ("age", "type", 4, 4), ("age", "range", 2, 4), ("colour", "values", 2, 4), ("colour", "missing", 1, 5),
            ("code", "pattern", 2, 5), ("at", "increasing", 1, 4), ("at", "max_age", 1, 1), ("at", "range", 1, 5), ("real", "finite", 1, 4), ("real", "range", 1, 3), ("lost", "present", 1, 1),
        ], broken);
        Assert.Equal((13, 2), (report.Failures, report.Warnings)); // other_columns and the missing colour warn
        Assert.Equal("2 of 4 (50 %), 17 to 99", Result(report, "age", "range").Found);
        Assert.Equal(["green"], Result(report, "colour", "values").Examples);
        Assert.Equal(["low"], Result(report, null, "other_columns").Examples);
        Assert.Equal("newest 2025-01-05 00:00:00", Result(report, "at", "max_age").Found);
        Assert.Equal(0, Result(report, "age", "missing").Violations - 1); // one of five is the part that may be
        Assert.Equal(report.ToJson(), ExpectationReport.Parse(report.ToJson()).ToJson());
    }

    [Fact]
    public void Check_ScanAndSql_SayTheSame()
    {
        for (int seed = 1; seed <= 6; seed++)
        {
            // The expectations of one table on another: some are kept, some broken.
            var expectations = ExpectationReader.Read(DataExpectations.Infer(_tables.Mixed(seed), new() { Mostly = 1, Margin = 0 }).ToYaml(), "test");
            using var opened = ((DriftSource)_tables.Mixed(seed + 7)).Open();
            var input = RelationWorkers.Require(opened);

            var scanned = new ExpectationCheck(input, 2, default).Run(expectations, DateTimeOffset.UnixEpoch);
            var asked = new ExpectationCheck(input, 2, default) { ScansFirst = false }.Run(expectations, DateTimeOffset.UnixEpoch);

            Assert.Contains(scanned, result => !result.Passed);
            Assert.Equal(asked.Select(Words), scanned.Select(Words));
        }
    }

    [Fact]
    public void Check_CsvWhoseTypesChanged_SaysWhatIsNoNumber()
    {
        string path = _tables.Text("changed.csv", "age,when\n12,2025-01-01\nold,soon\n14,2025-01-03\n");

        var report = DataExpectations.Parse("columns: {age: {type: integer, range: [0, 13]}, when: {type: time, range: [2025-01-01, 2025-01-02]}}").Check(path);

        Assert.Equal((3, "VARCHAR"), (Result(report, "age", "type").Violations, Result(report, "age", "type").Found.Split(", ")[1]));
        Assert.Equal(2, Result(report, "age", "range").Violations); // "old" and 14
        Assert.Equal(2, Result(report, "when", "range").Violations); // "soon" and the 3rd
    }

    [Fact]
    public void Check_NoRows_NeverPasses()
    {
        var report = DataExpectations.Parse("columns: {x: {missing: 0}}").Check(_tables.Parquet("empty", "SELECT 1 AS x WHERE false"));

        Assert.False(report.Passed);
        Assert.Equal("rows", Assert.Single(report.Results, result => !result.Passed).Rule);
    }

    [Fact]
    public void Require_BrokenData_ThrowsWithTheFindings()
    {
        string path = _tables.Parquet("ages", "SELECT i AS age FROM range(100) rows(i)");

        Assert.Equal(100, DataExpectations.Parse("columns: {age: {range: [0, 99]}}").Require(path).Rows);
        var failure = Assert.Throws<DataException>(() => DataExpectations.Parse("columns: {age: {range: [10, 200]}}", "ages.yaml").Require(path));
        Assert.Contains("breaks 1 of 2 expectations of 'ages.yaml'", failure.Message);
        Assert.Contains("age, range: 10 to 200 expected, 10 of 100 (10 %), 0 to 9", failure.Message);
        Assert.Equal("age", failure.Column);
        DataExpectations.Parse("columns: {age: {range: {min: 10, severity: warn}}}").Require(path);
    }

    [Fact]
    public void Parse_WrongFile_ListsAllWithLineAndNearestName()
    {
        var failure = Assert.Throws<DataException>(() => DataExpectations.Parse("""
            version: 2
            rwos: [1, 2]
            relations: a < b
            columns:
              age:
                rnage: [0, 1]
                range: [5, 1]
                type: nubmer
                missing: {max: 3}
                values: {allowed: [a], severty: warn}
                length: {min: two}
                max_age: tomorrow
                pattern: {mostly: 0.5}
                unique: perhaps
              day:
                range: [2025-01-01, 7]
            """, "bad.yaml"));

        foreach (string expected in new[]
        {
            "line 1: 'version' is '2'", "line 2: There is no 'rwos' for a table. Did you mean 'rows'?", "line 3: 'relations' takes a list", "line 6: Unknown rule 'rnage' of column 'age'. Did you mean 'range'?",
            "line 7: 'range' of column 'age' has a 'min' above its 'max'", "line 8: 'is' of 'type' of column 'age' is 'nubmer'. Did you mean 'number'?", "line 9: 'max' of 'missing' of column 'age' is '3'; it takes a number from 0 to 1.",
            "line 10: 'values' of column 'age' has no 'severty'. Did you mean 'severity'?", "line 11: 'min' of 'length' of column 'age' is 'two'", "line 12: 'limit' of 'max_age' of column 'age' is 'tomorrow'",
            "line 13: 'pattern' of column 'age' needs 'regex'", "line 14: 'unique' of column 'age' is 'perhaps'; it takes true or false", "line 16: 'range' of column 'day' has a number and a time",
        })
            Assert.Contains(expected, failure.Message);
        Assert.Equal(("bad.yaml", 1), (failure.Origin, failure.Line));
        Assert.Contains("is no YAML, line 2", Assert.Throws<DataException>(() => DataExpectations.Parse("a: 1\n b: [")).Message);
        Assert.Contains("holds no expectations", Assert.Throws<DataException>(() => DataExpectations.Parse("")).Message);
        Assert.Contains("workbench data expect", Assert.Throws<DataException>(() => DataExpectations.Load(Path.Combine(_tables.Folder, "none.yaml"))).Message);
    }

    [Theory]
    [InlineData("columns: {x: {pattern: '['}}", "(line 1)")]
    [InlineData("relations: ['nope < 3']", "nope")]
    public void Check_WrongRegexOrSql_NamesTheExpectation(string yaml, string expected) =>
        Assert.Contains(expected, Assert.Throws<DataException>(() => DataExpectations.Parse(yaml).Check(_tables.Parquet("x", "SELECT 'a' AS x"))).Message);

    [Fact]
    public void Check_MissingColumn_NamesTheNearest()
    {
        var result = Result(DataExpectations.Parse("columns: {customer_id: {unique: true}}").Check(_tables.Parquet("x", "SELECT 1 AS customerId")), "customer_id", "present");

        Assert.Equal("no such column. Did you mean 'customerId'?", result.Found);
        Assert.Equal(QualitySeverity.Error, result.Severity);
    }

    private static string Body(string yaml) => yaml[yaml.IndexOf("version:", StringComparison.Ordinal)..];

    private static ExpectationResult Result(ExpectationReport report, string? column, string rule) => report.Results.First(result => result.Column == column && result.Rule == rule);

    // Examples of a scan and of SQL may differ where values are equally frequent.
    private static string Words(ExpectationResult result) => $"{result.Column} {result.Rule} {result.Passed} {result.Considered} {result.Violations} {result.Found} {result.Examples.Count}";
}
