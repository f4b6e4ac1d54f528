using Workbench.Data;
using Workbench.Drift;
using Workbench.Drift.Quality;
using Workbench.Reports;

namespace Workbench.Core.Tests.Drift.Quality;

/// <summary>Small tables whose faults were counted by hand.</summary>
public sealed class DataQualityReportTests : IDisposable
{
    private readonly TestTables _tables = new();

    public void Dispose() => _tables.Dispose();

    [Fact]
    public void Of_PoorTable_TellsEachFault()
    {
        string path = _tables.Parquet("poor", """
            SELECT * FROM (VALUES
              (1, 'a',  1.0::DOUBLE, 7, 'red',   '10', 1.0::DOUBLE),
              (2, '',   'nan',       7, 'Red',   '20', 3),
              (3, NULL, 'inf',       7, ' red ', '30', 5),
              (3, ' ',  4.0,         7, 'blue',  '40', 5),
              (5, 'b',  NULL,        7, 'blue',  '5e1', 9),
              (6, 'b',  6.0,         7, 'blue',  '60', 11)
            ) rows(id, gaps, real, same, colour, digits, twice) UNION ALL SELECT 6, 'b', 6.0, 7, 'blue', '60', 11 UNION ALL SELECT 8 + i, 'b', i, 7, 'blue', '8' || i, 15 + 2 * i FROM range(4) more(i)
            """);

        var report = DataQualityReport.Of(path, new() { Key = ["id"] });

        Assert.Equal(11, report.Rows);
        Assert.Equal(3, Find(report, QualityCheck.MissingValues, "gaps").Rows); // '', NULL, ' '
        Assert.Contains("1 NULL, 2 blank", Find(report, QualityCheck.MissingValues, "gaps").What);
        Assert.Contains("1 NULL, 1 NaN", Find(report, QualityCheck.MissingValues, "real").What);
        Assert.Equal(1, Find(report, QualityCheck.Infinite, "real").Rows);
        Assert.Equal("'same' is '7' in every row.", Find(report, QualityCheck.Constant, "same").What);
        Assert.Equal("' red ' and 'Red' and 'red'", Find(report, QualityCheck.CategoryTwins, "colour").Value);
        Assert.Equal(QualitySeverity.Warning, Find(report, QualityCheck.NumericText, "digits").Severity);
        Assert.Equal(2, Find(report, QualityCheck.DuplicateKey, "id").Rows); // 3 and 6 once too often
        Assert.Equal(1, Find(report, QualityCheck.DuplicateRows, null).Rows);
        Assert.Equal(("r = 1", "twice"), (Find(report, QualityCheck.TwinColumns, "twice").Value, "twice")); // 2 · id - 1
        Assert.Equal(QualitySeverity.Error, report.Worst);
        Assert.False(report.Passed);
        Assert.Equal(9, report.Findings.Count); // those above, and no other
    }

    [Fact]
    public void Compare_ChangedTable_TellsEachChange()
    {
        string reference = _tables.Parquet("reference", "SELECT i AS row_id, i % 100 AS age, ['a', 'b', 'c'][i % 3 + 1] AS plan, i * 0.5::DOUBLE AS price, ['x', 'y'][i % 2 + 1] AS customer_kind, i AS gone, i % 7 AS count FROM range(1000) rows(i)");
        string current = _tables.Parquet("current", "SELECT least(i, 997) AS row_id, ['a', 'b', 'd'][i % 3 + 1] AS plan, CASE WHEN i < 50 THEN -1 WHEN i = 60 THEN 5000 ELSE i % 100 END AS age, CASE WHEN i >= 100 THEN i * 0.5 END::DOUBLE AS price, ['x', 'y'][i % 2 + 1] AS customerKind, 'n' || (i % 7) AS count, 1.5 AS brandNew FROM range(1000) rows(i)");

        var report = DataQualityReport.Compare(reference, current);

        Assert.Equal("'customer_kind' is not there any more; it looks as if it were now called 'customerKind'.", Find(report, QualityCheck.MissingColumn, "customer_kind").What);
        Assert.Equal("'gone' is not there any more.", Find(report, QualityCheck.MissingColumn, "gone").What);
        Assert.Equal(QualitySeverity.Information, Find(report, QualityCheck.NewColumn, "brandNew").Severity);
        Assert.Contains("'plan' where 'age' was", Find(report, QualityCheck.ColumnOrder, "plan").What);
        Assert.Equal((QualitySeverity.Error, "VARCHAR", "BIGINT"), Severity(Find(report, QualityCheck.TypeChange, "count")));
        var age = Find(report, QualityCheck.OutOfRange, "age");
        Assert.Equal((51, "-1 to 5000", "0 to 99"), (age.Rows!.Value, age.Value, age.Allowed)); // 50 below, 5000 above by more than the width
        Assert.Contains("1 of them by more than its whole width", age.What);
        Assert.Equal((333, "'d'"), Rows(Find(report, QualityCheck.NewCategories, "plan"))); // i % 3 = 2 up to 998
        Assert.Equal("'c'", Find(report, QualityCheck.VanishedCategories, "plan").Value);
        Assert.Equal((100, "10 %"), Rows(Find(report, QualityCheck.MissingValues, "price")));
        Assert.Equal((QualitySeverity.Error, 2L), (Find(report, QualityCheck.Uniqueness, "row_id").Severity, Find(report, QualityCheck.Uniqueness, "row_id").Rows));
        Assert.DoesNotContain(report.Findings, finding => finding.Check == QualityCheck.OutOfRange && finding.Column == "price");
    }

    [Fact]
    public void Compare_TheReferenceItself_HasInformationOnly()
    {
        string path = _tables.Mixed(4);

        var report = DataQualityReport.Compare(path, path);

        Assert.DoesNotContain(report.Findings, finding => finding.Severity != QualitySeverity.Information);
        Assert.Equal(report.Rows, report.ReferenceRows);
    }

    [Fact]
    public void Compare_FilesOfTheReference_SayHowManyRowsAreUsual()
    {
        foreach (int month in Enumerable.Range(1, 3))
            _tables.Parquet($"month-{month}", $"SELECT i FROM range({1000 + 100 * month}) rows(i)");
        string months = Path.Combine(_tables.Folder, "month-*.parquet");

        Assert.DoesNotContain(DataQualityReport.Compare(months, Path.Combine(_tables.Folder, "month-2.parquet")).Findings, finding => finding.Check == QualityCheck.RowCount);
        var few = Find(DataQualityReport.Compare(months, _tables.Parquet("few", "SELECT i FROM range(549) rows(i)")), QualityCheck.RowCount, null);
        Assert.Equal(("549 rows", "550 to 2,600"), (few.Value, few.Allowed)); // half of 1,100, twice 1,300
        var none = DataQualityReport.Compare(months, _tables.Parquet("none", "SELECT i FROM range(0) rows(i)"));
        Assert.Equal("There is no row.", Find(none, QualityCheck.RowCount, null).What);
        Assert.False(none.Passed);
    }

    [Fact]
    public void Of_Times_SayHowFreshTheRowsAre()
    {
        string path = _tables.Parquet("times", "SELECT TIMESTAMP '2025-03-01 12:00:00' + INTERVAL (i) HOUR AS at, i AS x FROM range(13) rows(i)"); // to midnight of the 2nd
        DataQualityOptions At(string now, double days) => new() { Time = "at", MaxAge = TimeSpan.FromDays(days), Clock = new ReplayClock(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture)) };

        Assert.DoesNotContain(DataQualityReport.Of(path, At("2025-03-03T00:00:00Z", 1)).Findings, finding => finding.Check == QualityCheck.Freshness);
        var old = Find(DataQualityReport.Of(path, At("2025-03-04T12:00:00Z", 1)), QualityCheck.Freshness, "at");
        Assert.Equal((QualitySeverity.Error, "The newest 'at' is 2025-03-02, 2.5 days old."), (old.Severity, old.What));
        Assert.Contains("in the future", Find(DataQualityReport.Of(path, At("2025-02-20T00:00:00Z", 1)), QualityCheck.Freshness, "at").What);
        Assert.Contains("is BIGINT, which is no time", Assert.Throws<DataException>(() => DataQualityReport.Of(path, new() { Time = "x" })).Message);
    }

    [Fact]
    public void Of_WrongOptions_ListsAll()
    {
        string path = _tables.Parquet("one", "SELECT 1 AS customer");

        var failure = Assert.Throws<DataException>(() => DataQualityReport.Of(path, new() { MissingShare = 2, MaxAge = TimeSpan.FromDays(1), Key = ["custmer"], AlmostConstantShare = 0.5 }));

        foreach (string expected in new[] { "MissingShare is 2; allowed: 0 to 1.", "AlmostConstantShare is 0.5; allowed: 0.98 to 1.", "MaxAge needs Time", "no column 'custmer'. Did you mean 'customer'?" })
            Assert.Contains(expected, failure.Message);
    }

    [Fact]
    public void Of_TwinsWithGapsAndMinus_AreFoundAmongOthers()
    {
        string path = _tables.Parquet("twins", "SELECT (hash(i) % 1000)::DOUBLE AS a, 7 - 3 * (hash(i) % 1000)::DOUBLE AS b, (hash(i + 1) % 1000)::DOUBLE AS c, CASE WHEN i % 5 > 0 THEN 1e200 * i END AS d, CASE WHEN i % 5 > 0 THEN i END AS e, CASE WHEN i = 4000 THEN 0 ELSE 7 - 3 * (hash(i) % 1000)::DOUBLE END AS almost FROM range(5000) rows(i)");

        var twins = DataQualityReport.Of(path).Findings.Where(finding => finding.Check == QualityCheck.TwinColumns).ToList();

        Assert.Equal([("b", "r = -1"), ("e", "r = 1")], twins.Select(twin => (twin.Column!, twin.Value))); // 'almost' is one in the first thousand rows only
    }

    [Fact]
    public void ToJson_ReportAndDriftReport_ReadBackAsTheSame()
    {
        string path = _tables.Mixed(3);

        string json = DataQualityReport.Compare(path, _tables.Mixed(5)).ToJson();
        Assert.Equal(json, DataQualityReport.Parse(json).ToJson());
        var drift = DriftReport.Compare(path, path, new() { Quality = true, Exclude = ["list"] });
        Assert.Equal(15 - 1, drift.Quality!.Columns.Count);
        Assert.Equal(drift.ToJson(), DriftReport.Parse(drift.ToJson()).ToJson());
        Assert.Null(DriftReport.Compare(path, path).Quality);
        Assert.Contains("no quality report", Assert.Throws<DataException>(() => DataQualityReport.Parse("[]")).Message);
    }

    [Fact]
    public void Create_HostileNamesAndCategories_AreShownAsText()
    {
        string path = _tables.Parquet("hostile", "SELECT ['<img src=x>', '<IMG src=x>'][i % 2 + 1] AS \"<script>\", i AS n FROM range(100) rows(i)");

        string html = DataQualityPage.Create(null, DataQualityReport.Of(path)).Render();

        Assert.DoesNotContain("<img", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;", html);
        Assert.Throws<ArgumentException>(() => DataQualityPage.Create(null, null));
    }

    private static DataQualityFinding Find(DataQualityReport report, QualityCheck check, string? column) =>
        Assert.Single(report.Findings, finding => finding.Check == check && finding.Column == column);

    private static (long, string) Rows(DataQualityFinding finding) => (finding.Rows!.Value, finding.Value);

    private static (QualitySeverity, string, string?) Severity(DataQualityFinding finding) => (finding.Severity, finding.Value, finding.Allowed);
}
