using Workbench.Data;
using Workbench.Drift;
using Workbench.Drift.Chunks;

namespace Workbench.Core.Tests.Drift.Chunks;

public sealed class ChunkInputTests : IDisposable
{
    private readonly ChunkFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Compare_OneChunkOnly_IsJudgedByTheTest()
    {
        string file = _files.Write("rows", "SELECT TIMESTAMP '2025-01-01' + to_minutes(i::INTEGER) AS t, i::DOUBLE AS x FROM range(60) t(i)");

        var timeline = DriftReport.Compare(file, file, new DriftOptions { Chunks = Chunking.By(ChunkPeriod.Year) }).Timeline!;

        Assert.Equal("2025", Assert.Single(timeline.Chunks).Label);
        Assert.Equal("0 chunks of the reference can be compared with the rest of it, too few to set limits; the limits are those of the tests.", timeline.Columns[0].Note);
        Assert.Equal((0.2, true), (timeline.Columns[0].Tests[0].Upper, timeline.Columns[0].Tests[0].IsInclusive));
        Assert.False(timeline.Columns[0].IsDrift[0]);
    }

    [Fact]
    public void Compare_FromTest_ChanceInSmallChunksIsNoDrift()
    {
        // psi over ten bins of 20 rows is near 0.5 by chance; the confirming ks does not agree.
        string file = _files.Write("rows", "SELECT DATE '2025-01-01' + (i // 20)::INTEGER AS day, (hash(i) % 1000)::DOUBLE AS x FROM range(400) t(i)");

        var x = DriftReport.Compare(file, file, new DriftOptions { Chunks = Chunking.By(ChunkPeriod.Day), Threshold = DriftThreshold.FromTest }).Timeline!.Columns[0];

        Assert.Contains(true, x.Tests[0].Alerts);
        Assert.DoesNotContain(true, x.IsDrift);
    }

    [Theory]
    [InlineData("strftime(t, '%Y-%m-%d')")]
    [InlineData("strftime(t, '%Y-%m-%dT%H:%M:%SZ')")]
    [InlineData("t::TIMESTAMPTZ")]
    [InlineData("t::TIMESTAMP_NS")]
    [InlineData("t::TIMESTAMP_MS")]
    [InlineData("t::DATE")]
    public void Compare_KindsOfTime_AreRead(string time)
    {
        string file = _files.Write("rows", $"SELECT {time} AS moment, x FROM (SELECT TIMESTAMP '2025-01-01 12:00:00' + to_hours((i * 6)::INTEGER) AS t, i::DOUBLE AS x FROM range(40) t(i))");

        var report = DriftReport.Compare(file, file, new DriftOptions { Chunks = Chunking.By(ChunkPeriod.Day, "moment") });

        Assert.Equal(11, report.Timeline!.Chunks.Count);
        Assert.Equal(("2025-01-01", 2, 4), (report.Timeline.Chunks[0].Label, report.Timeline.Chunks[0].Rows, report.Timeline.Chunks[1].Rows));
        Assert.Equal("moment", Assert.Single(report.Skipped).Column);
    }

    [Fact]
    public void Compare_TextWithAZone_IsReadAsUtc()
    {
        string file = _files.Write("rows", "SELECT '2025-01-01T01:30:00+02:00' AS t, i::DOUBLE AS x FROM range(5) t(i)");

        Assert.Equal("2024-12-31 23:00", DriftReport.Compare(file, file, new DriftOptions { Chunks = Chunking.By(ChunkPeriod.Hour, "t") }).Timeline!.Chunks[0].Label);
    }

    [Fact]
    public void Compare_TimesThatAreNone_AreCountedAndLeftOut()
    {
        const string Rows = "SELECT CASE i WHEN 0 THEN NULL WHEN 1 THEN 'never' WHEN 2 THEN 'infinity' ELSE '2025-01-0' || (i % 5 + 1) END AS t, i::DOUBLE AS x FROM range(43) t(i)";
        string file = _files.Write("rows", Rows);

        var report = DriftReport.Compare(file, file, new DriftOptions { Chunks = Chunking.By(ChunkPeriod.Day, "t") });

        Assert.Equal((3, 3, 40), (report.Timeline!.CurrentRowsWithoutTime, report.Timeline.ReferenceRowsWithoutTime, report.Timeline.Chunks.Sum(chunk => chunk.Rows)));
        Assert.Contains("3 current rows have no time in 't' and are in no chunk.", report.Timeline.Notes);
        Assert.Equal(43, report.CurrentRows);
        var sized = DriftReport.Compare(file, file, new DriftOptions { Chunks = Chunking.Size(10, "t") }).Timeline!;
        Assert.Equal(40, sized.Chunks.Sum(chunk => chunk.Rows));
    }

    [Fact]
    public void Compare_ReferenceWithoutTime_IsJudgedByTheTest()
    {
        string reference = _files.Write("reference", "SELECT i::DOUBLE AS x FROM range(50) t(i)"), current = _files.Write("current", "SELECT DATE '2025-01-01' + (i // 10)::INTEGER AS day, i::DOUBLE AS x FROM range(50) t(i)");

        var timeline = DriftReport.Compare(reference, current, new DriftOptions { Chunks = Chunking.By(ChunkPeriod.Day) }).Timeline!;

        Assert.Contains("The reference has no time column 'day', so it has no chunks; the limits are those of the tests.", timeline.Notes);
        Assert.Equal(5, timeline.Chunks.Count);
        Assert.Contains("Time column 'day' is not in", Message(reference, current, new() { Chunks = Chunking.By(ChunkPeriod.Day), Threshold = DriftThreshold.StandardDeviation() }));
        Assert.Contains("Time column 'day' is not in", Message(reference, current, new() { Season = Season.Weekday }));
    }

    [Fact]
    public void Compare_TimeColumn_IsChosenOrAskedFor()
    {
        string none = _files.Write("none", "SELECT i AS x, 'text' AS note FROM range(9) t(i)"), two = _files.Write("two", "SELECT DATE '2025-01-01' AS opened, now() AS closed, [now()] AS list, 1 AS x");

        Assert.Contains("Chunks by day need a time, and", Message(none, none, new() { Chunks = Chunking.By(ChunkPeriod.Day) }));
        Assert.Contains("has no date or timestamp: Its columns: x BIGINT, note VARCHAR. Name a column of ISO 8601 text as the time column", Message(none, none, new() { Chunks = Chunking.By(ChunkPeriod.Day) }));
        Assert.Contains("has several: opened, closed. Name one as the time column.", Message(two, two, new() { Chunks = Chunking.By(ChunkPeriod.Month) }));
        Assert.Contains("Seasons by Weekday need a time, and", Message(two, two, new() { Season = Season.Weekday }));
        Assert.Contains("Did you mean 'opened'?", Message(two, two, new() { Chunks = Chunking.By(ChunkPeriod.Day, "openend") }));
        Assert.Contains("is BIGINT; allowed: a date, a timestamp, or text of ISO 8601.", Message(none, none, new() { Chunks = Chunking.By(ChunkPeriod.Day, "x") }));
        Assert.Contains("Time column 'note' of", Message(none, none, new() { Chunks = Chunking.By(ChunkPeriod.Day, "note") }));
        Assert.Contains("holds no date or timestamp", Message(none, none, new() { Chunks = Chunking.Size(2, "note") }));
    }

    [Fact]
    public void Compare_TooManyChunks_SaysWhatToDo()
    {
        string file = _files.Write("rows", "SELECT TIMESTAMP '2010-01-01' + to_hours(i::INTEGER) AS t, i AS x FROM range(100000) t(i)");

        string message = Message(file, file, new() { Chunks = Chunking.By(ChunkPeriod.Hour) });
        Assert.Contains("into 100,000 parts; at most 10,000. Take a longer period or larger chunks", message);
        Assert.Contains("Chunks by 1rows split", Message(file, file, new() { Chunks = Chunking.Size(1) }));
    }

    [Fact]
    public void Compare_FewerRowsThanChunks_SaysSo()
    {
        string file = _files.Write("rows", "SELECT DATE '2025-01-01' AS t, i AS x FROM range(7) t(i)");

        Assert.Contains("has 7 rows with a time, too few for 10 chunks.", Message(file, file, new() { Chunks = Chunking.Number() }));
        Assert.Contains("less than one chunk of 10, and incomplete chunks are dropped.", Message(file, file, new() { Chunks = Chunking.Size(10, incomplete: IncompleteChunk.Drop) }));
    }

    [Fact]
    public void Compare_Cancelled_Stops()
    {
        string file = _files.Write("rows", "SELECT DATE '2025-01-01' AS t, i AS x FROM range(7) t(i)");

        Assert.ThrowsAny<OperationCanceledException>(() => DriftReport.Compare(file, file, new DriftOptions { Chunks = Chunking.By(ChunkPeriod.Day) }, new CancellationToken(true)));
    }

    private static string Message(string reference, string current, DriftOptions options) => Assert.Throws<DataException>(() => DriftReport.Compare(reference, current, options)).Message;
}
