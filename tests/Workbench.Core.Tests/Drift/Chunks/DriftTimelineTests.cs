using Workbench.Drift;
using Workbench.Drift.Chunks;

namespace Workbench.Core.Tests.Drift.Chunks;

public sealed class DriftTimelineTests : IDisposable
{
    private readonly ChunkFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Compare_PriceRises_IsSaidWithTheDay()
    {
        string reference = _files.Write("reference", Days("2025-01-01", 30, 200, "0"));
        string current = _files.Write("current", Days("2025-02-20", 20, 200, "CASE WHEN day >= DATE '2025-03-01' THEN 2 ELSE 0 END"));

        var report = DriftReport.Compare(reference, current, new DriftOptions { Chunks = Chunking.By(ChunkPeriod.Day) });
        var timeline = report.Timeline!;

        Assert.Equal(("day", "day", 20, 30), (timeline.By, timeline.TimeColumn, timeline.Chunks.Count, timeline.ReferenceChunks));
        Assert.Equal(("2025-02-20", 200), (timeline.Chunks[0].Label, timeline.Chunks[0].Rows));
        Assert.Equal(["price", "plan"], timeline.Columns.Select(column => column.Column));
        var price = timeline.Columns[0];
        Assert.Equal((9, "2025-03-01"), (price.DriftsSince, timeline.Chunks[price.DriftsSince!.Value].Label));
        Assert.Matches(@"^price drifts since 2025-03-01 \(psi [0-9.]+ > [0-9.]+, wasserstein [0-9.]+ > [0-9.]+\)$", price.Sentence);
        Assert.All(Enumerable.Range(9, 11), chunk => Assert.True(price.IsDrift[chunk]));
        Assert.Null(timeline.Columns[1].DriftsSince);
        Assert.Equal(0.5, timeline.DriftedShares[19]);
        Assert.Contains(report.Skipped, skipped => skipped is { Column: "day", Kind: DriftColumnKind.DateTime });
    }

    [Fact]
    public void Compare_WithAndWithoutChunks_JudgesTheWholeAlike()
    {
        string reference = _files.Write("reference", Days("2025-01-01", 30, 50, "0")), current = _files.Write("current", Days("2025-02-20", 20, 50, "0.4"));

        var with = DriftReport.Compare(reference, current, new DriftOptions { Chunks = Chunking.By(ChunkPeriod.Week) });
        var without = DriftReport.Compare(reference, current);

        Assert.Equal(without.ToJson(), (with with { Timeline = null, Skipped = without.Skipped }).ToJson());
        Assert.NotNull(with.Timeline);
    }

    [Fact]
    public void ToJson_RoundTrips()
    {
        string file = _files.Write("rows", Days("2025-01-01", 12, 20, "0"));

        var report = DriftReport.Compare(file, file, new DriftOptions { Chunks = Chunking.By(ChunkPeriod.Day), Season = Season.Weekday });

        Assert.Equal(report.ToJson(), DriftReport.Parse(report.ToJson()).ToJson());
        Assert.Equal(Season.Weekday, DriftReport.Parse(report.ToJson()).Timeline!.Season);
    }

    [Fact]
    public void Compare_Weekday_TakesWeekendsForWeekends()
    {
        // Weekends are as high every week; a day against all days of the reference is far off, against its own weekdays it is not.
        string reference = _files.Write("reference", Days("2025-01-06", 56, 100, "CASE WHEN isodow(day) >= 6 THEN 3 ELSE 0 END"));
        string current = _files.Write("current", Days("2025-03-03", 14, 100, "CASE WHEN isodow(day) >= 6 THEN 3 ELSE 0 END"));
        DriftOptions Options(Season? season) => new() { Chunks = Chunking.By(ChunkPeriod.Day), Season = season, Threshold = DriftThreshold.FromTest, Columns = ["price"] };

        var blind = DriftReport.Compare(reference, current, Options(null)).Timeline!.Columns[0];
        var aware = DriftReport.Compare(reference, current, Options(Season.Weekday)).Timeline!.Columns[0];

        Assert.True(blind.IsDrift.Count(one => one) >= 4);
        Assert.DoesNotContain(true, aware.IsDrift);
    }

    [Fact]
    public void Compare_WeekdayWithoutChunks_TakesTheMatchingRows()
    {
        string reference = _files.Write("reference", Days("2025-01-06", 56, 100, "CASE WHEN isodow(day) >= 6 THEN 3 ELSE 0 END"));
        string weekend = _files.Write("weekend", Days("2025-03-08", 2, 400, "3"));

        Assert.True(DriftReport.Compare(reference, weekend, new DriftOptions { Columns = ["price"] }).IsDataDrift);
        var aware = DriftReport.Compare(reference, weekend, new DriftOptions { Columns = ["price", "plan"], Season = Season.Weekday });
        Assert.False(aware.IsDataDrift);
        Assert.Null(aware.Timeline);
    }

    [Fact]
    public void Compare_SeasonThatTheReferenceLacks_IsAResult()
    {
        string january = _files.Write("january", Days("2025-01-01", 31, 50, "0"));
        string spring = _files.Write("spring", Days("2026-01-25", 14, 50, "0"));

        var report = DriftReport.Compare(january, spring, new DriftOptions { Chunks = Chunking.By(ChunkPeriod.Month), Season = Season.Month });
        var timeline = report.Timeline!;

        Assert.Equal(["2026-01", "2026-02"], timeline.Chunks.Select(chunk => chunk.Label));
        Assert.Equal("350 of 350 rows are not compared: the reference has no rows of February.", timeline.Chunks[1].Note);
        Assert.Null(timeline.Columns[0].Tests[0].Values[1]);
        Assert.NotNull(timeline.Columns[0].Tests[0].Values[0]);
        Assert.Contains("350 current rows are not compared: the reference has no rows of February.", timeline.Notes);
        // One January is one chunk, which leaves no other January.
        Assert.StartsWith("0 chunks of the reference can be compared with the rest of it", timeline.Columns[0].Note);
    }

    [Fact]
    public void Compare_NoSeasonInCommon_IsAResult()
    {
        string january = _files.Write("january", Days("2025-01-01", 31, 5, "0")), july = _files.Write("july", Days("2025-07-01", 31, 5, "0"));

        var report = DriftReport.Compare(january, july, new DriftOptions { Season = Season.Month });

        Assert.False(report.IsDataDrift);
        Assert.All(report.Columns, column => Assert.Equal("Not compared: the reference has no rows of July.", column.Note));
        Assert.Contains("155 current rows are not compared: the reference has no rows of July.", report.Notes);
    }

    [Fact]
    public void Compare_DayWithoutRows_IsAGap()
    {
        string reference = _files.Write("reference", Days("2025-01-01", 10, 20, "0"));
        string current = _files.Write("current", $"SELECT * FROM ({Days("2025-02-01", 5, 20, "0")}) WHERE day <> DATE '2025-02-03'");

        var timeline = DriftReport.Compare(reference, current, new DriftOptions { Chunks = Chunking.By(ChunkPeriod.Day) }).Timeline!;

        Assert.Equal((0, "No rows."), (timeline.Chunks[2].Rows, timeline.Chunks[2].Note));
        Assert.Equal((null, null), (timeline.Columns[0].Tests[0].Values[2], timeline.DriftedShares[2]));
        Assert.Equal(0, timeline.Rows.Values[2]);
        Assert.True(timeline.Rows.Alerts[2]); // the reference has 20 rows each day
        Assert.Contains("null", timeline.ToFigure("price").ToJson());
    }

    [Fact]
    public void Compare_NullsOfADay_AreAnAlertOfTheNullShareAlone()
    {
        string reference = _files.Write("reference", Days("2025-01-01", 10, 40, "0"));
        string current = _files.Write("current", $"SELECT day, if(day = DATE '2025-02-02', NULL, price) AS price, plan FROM ({Days("2025-02-01", 3, 40, "0")})");

        var timeline = DriftReport.Compare(reference, current, new DriftOptions { Chunks = Chunking.By(ChunkPeriod.Day) }).Timeline!;

        Assert.Equal([0, 1, 0], timeline.Columns[0].NullShare.Values);
        Assert.Equal([false, true, false], timeline.Columns[0].NullShare.Alerts);
        Assert.Equal((false, 40), (timeline.Columns[0].IsDrift[1], timeline.Chunks[1].Nulls));
    }

    [Fact]
    public void Compare_TimesOutOfOrder_GiveTheSame()
    {
        string sql = Days("2025-01-01", 12, 30, "0");
        string sorted = _files.Write("sorted", $"SELECT * FROM ({sql}) ORDER BY day, price"), mixed = _files.Write("mixed", $"SELECT * FROM ({sql}) ORDER BY hash(price)");
        var options = new DriftOptions { Chunks = Chunking.By(ChunkPeriod.Day) };

        Assert.Equal(Values(DriftReport.Compare(sorted, sorted, options)), Values(DriftReport.Compare(mixed, mixed, options)));
    }

    [Fact]
    public void Compare_BySize_TakesRowsInTheOrderOfTime()
    {
        // Time runs against the order of the file; the last 10 of 100 rows in time have another value.
        string reference = _files.Write("reference", "SELECT TIMESTAMP '2025-01-01' + to_hours(i::INTEGER) AS t, (i % 7)::DOUBLE AS x FROM range(200) t(i)");
        string current = _files.Write("current", "SELECT TIMESTAMP '2025-02-01' - to_hours(i::INTEGER) AS t, if(i < 10, 50, i % 7)::DOUBLE AS x FROM range(100) t(i)");

        var timeline = DriftReport.Compare(reference, current, new DriftOptions { Chunks = Chunking.Number() }).Timeline!;

        Assert.Equal((10, "[90:99]"), (timeline.Chunks.Count, timeline.Chunks[9].Label));
        Assert.Equal(new DateTimeOffset(2025, 1, 31, 15, 0, 0, TimeSpan.Zero), timeline.Chunks[9].Start);
        Assert.Equal(9, timeline.Columns[0].DriftsSince);
    }

    [Fact]
    public void Compare_RowsOfOneMoment_FillTheChunksExactly()
    {
        // 24 rows a day with the day as their time: chunks of 10 rows cut through days.
        string file = _files.Write("rows", Days("2025-01-01", 5, 24, "0"));

        var timeline = DriftReport.Compare(file, file, new DriftOptions { Chunks = Chunking.Size(10, incomplete: IncompleteChunk.Drop) }).Timeline!;

        Assert.Equal(Enumerable.Repeat(10L, 12), timeline.Chunks.Select(chunk => chunk.Rows));
        var kept = DriftReport.Compare(file, file, new DriftOptions { Chunks = Chunking.Size(50) }).Timeline!;
        Assert.Equal([50, 50, 20], kept.Chunks.Select(chunk => chunk.Rows));
    }

    [Fact]
    public void Compare_WithoutTime_TakesTheOrderOfTheFile()
    {
        string csv = _files.Csv("rows", "x,plan", Enumerable.Range(0, 9000).Select(i => $"{i / 1000},p{i / 3000}"));

        var timeline = DriftReport.Compare(csv, csv, new DriftOptions { Chunks = Chunking.Parse("3000rows"), Threshold = DriftThreshold.Constant(upper: 1.5) }).Timeline!;

        // By hand: p0 alone against a third each: psi = (1 - 1/3) ln 3 + 2 (1/3 - e) ln(1 / (3 e)), e = 0.5 / 3000.
        double e = 0.5 / 3000;
        double expected = 2.0 / 3 * Math.Log(3) + 2 * (1.0 / 3 - e) * Math.Log(1 / (3 * e));
        Assert.All(timeline.Columns[1].Tests[0].Values, value => Assert.Equal(expected, value!.Value, 1e-9));
        Assert.Equal([true, true, true], timeline.Columns[1].IsDrift);
        Assert.Contains("No time column: the rows are in the order of the source.", timeline.Notes);
        Assert.Equal((null, 0), (timeline.Chunks[0].Start, timeline.ReferenceChunks));
    }

    [Fact]
    public void ToFigures_OneAColumn_MarksTheAlerts()
    {
        string reference = _files.Write("reference", Days("2025-01-01", 10, 100, "0")), current = _files.Write("current", Days("2025-02-01", 3, 100, "2"));

        var timeline = DriftReport.Compare(reference, current, new DriftOptions { Chunks = Chunking.By(ChunkPeriod.Day) }).Timeline!;
        var figures = timeline.ToFigures();

        Assert.Equal(4, figures.Count); // heat map, share, price, plan
        Assert.StartsWith("price drifts since 2025-02-01", figures[2].Title);
        Assert.Equal(2, timeline.ToHeatmap().Data[0]!["z"]!.AsArray().Count);
        Assert.Equal("markers", figures[2].Data[1]!["mode"]!.GetValue<string>());
        Assert.Contains("Its tests: psi, wasserstein", Assert.Throws<ArgumentException>(() => timeline.ToFigure("price", "ks")).Message);
        Assert.Contains("Its columns: price, plan", Assert.Throws<ArgumentException>(() => timeline.ToFigure("prize")).Message);
    }

    // Rows of day, price (bell, deviation 1, raised) and plan (two categories), made by DuckDB's hash.
    private static string Days(string first, int days, int rows, string rise) => $"""
        SELECT day, sqrt(-2 * ln(u)) * cos(2 * pi() * v) + {rise} AS price, if(w < 0.7, 'basic', 'a plan with a long name') AS plan
        FROM (
            SELECT DATE '{first}' + d::INTEGER AS day, (hash(d, i, '{first}') % 1000003 + 1) / 1000004 AS u, (hash(d, i, 'v') % 1000003) / 1000003 AS v, (hash(d, i, 'w') % 1000003) / 1000003 AS w
            FROM range({days}) a(d), range({rows}) b(i))
        """;

    private static IEnumerable<double?> Values(DriftReport report) => report.Timeline!.Columns.SelectMany(column => column.Tests).SelectMany(test => test.Values).Select(value => value is { } one ? Math.Round(one, 12) : (double?)null);
}
