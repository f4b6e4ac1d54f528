using Workbench.Drift.Chunks;

namespace Workbench.Core.Tests.Drift.Chunks;

public sealed class ChunkingTests
{
    [Theory]
    [InlineData("hour")]
    [InlineData("week")]
    [InlineData("year")]
    [InlineData("1000rows")]
    [InlineData("10chunks")]
    public void Parse_ItsOwnText_RoundTrips(string text) => Assert.Equal(text, Chunking.Parse(text).ToString());

    [Fact]
    public void Parse_SpacesAndCase_AreRead()
    {
        Assert.Equal(ChunkPeriod.Day, Chunking.Parse(" Day ").Period);
        Assert.Equal((1, "t"), (Chunking.Parse("1 Row", "t").Rows, Chunking.Parse("1 Row", "t").TimeColumn));
        Assert.Equal(3, Chunking.Parse("3 chunks").Chunks);
    }

    [Theory]
    [InlineData("days")]
    [InlineData("0rows")]
    [InlineData("-1chunks")]
    [InlineData("99999999999rows")]
    [InlineData("3")]
    [InlineData("")]
    public void Parse_AnythingElse_ListsWhatIsKnown(string text) =>
        Assert.Contains("Known: hour, day, week, month, quarter, year", Assert.Throws<FormatException>(() => Chunking.Parse(text)).Message);

    // Labels of ISO weeks: 2024-12-30 is the Monday of week 1 of 2025, 2021-01-03 the Sunday of week 53 of 2020 (ISO 8601's own rule).
    [Theory]
    [InlineData(ChunkPeriod.Hour, "2025-03-01T23:59:59Z", "2025-03-01 23:00", "2025-03-02T00:00:00Z")]
    [InlineData(ChunkPeriod.Day, "1969-12-31T23:59:59Z", "1969-12-31", "1970-01-01T00:00:00Z")]
    [InlineData(ChunkPeriod.Week, "2024-12-30T00:00:00Z", "2025-W01", "2025-01-06T00:00:00Z")]
    [InlineData(ChunkPeriod.Week, "2021-01-03T23:00:00Z", "2020-W53", "2021-01-04T00:00:00Z")]
    [InlineData(ChunkPeriod.Month, "2024-02-29T12:00:00Z", "2024-02", "2024-03-01T00:00:00Z")]
    [InlineData(ChunkPeriod.Month, "1969-11-30T00:00:00Z", "1969-11", "1969-12-01T00:00:00Z")]
    [InlineData(ChunkPeriod.Quarter, "2025-12-31T23:59:59Z", "2025Q4", "2026-01-01T00:00:00Z")]
    [InlineData(ChunkPeriod.Year, "0001-06-01T00:00:00Z", "0001", "0002-01-01T00:00:00Z")]
    [InlineData(ChunkPeriod.Year, "9999-12-31T00:00:00Z", "9999", "9999-12-31T23:59:59.999999Z")]
    public void PeriodClock_ATime_LiesInItsPeriod(ChunkPeriod period, string time, string label, string end)
    {
        var clock = new PeriodClock(period);
        long at = Micros(time), index = clock.Index(at);

        Assert.Equal(label, clock.Label(index));
        Assert.Equal(Micros(end), clock.Start(index + 1));
        Assert.True(clock.Start(index) <= at && at < clock.Start(index + 1));
        Assert.Equal(index, clock.Index(clock.Start(index)));
        Assert.Equal(index, clock.Index(clock.Start(index + 1) - 1));
    }

    // 2025-03-01 was a Saturday, 1969-12-29 a Monday.
    [Theory]
    [InlineData(Season.HourOfDay, "2025-03-01T23:30:00Z", 23)]
    [InlineData(Season.HourOfDay, "1969-12-31T22:30:00Z", 22)]
    [InlineData(Season.Weekday, "2025-03-01T00:00:00Z", 5)]
    [InlineData(Season.Weekday, "1969-12-29T00:00:00Z", 0)]
    [InlineData(Season.Month, "1968-12-29T00:00:00Z", 11)]
    [InlineData(Season.Quarter, "2025-06-30T00:00:00Z", 1)]
    public void SeasonClock_ATime_HasItsSeason(Season season, string time, int index) => Assert.Equal(index, new SeasonClock(season).Index(Micros(time)));

    [Fact]
    public void SeasonClock_Names_AreWords() => Assert.Equal("Monday, Saturday and Sunday", SeasonClock.Names(Season.Weekday, 0b1100001));

    // 103 rows in chunks of 10: NannyML's three rules.
    [Theory]
    [InlineData(IncompleteChunk.Keep, 11, 10, 100, 102)]
    [InlineData(IncompleteChunk.Append, 10, 9, 90, 102)]
    [InlineData(IncompleteChunk.Drop, 10, ChunkAssigner.NoChunk, 90, 99)]
    public void ChunkSizes_ARest_FollowsTheRule(IncompleteChunk incomplete, int count, int chunkOfTheRest, long first, long last)
    {
        var sizes = new ChunkSizes(10, 103, incomplete);

        Assert.Equal((count, chunkOfTheRest), (sizes.Count, sizes.ChunkAt(102)));
        Assert.Equal((first, last), sizes.Places(count - 1));
        Assert.Equal(9, sizes.ChunkAt(99));
    }

    [Theory]
    [InlineData(IncompleteChunk.Keep, 1)]
    [InlineData(IncompleteChunk.Append, 1)]
    [InlineData(IncompleteChunk.Drop, 0)]
    public void ChunkSizes_LessThanOneChunk_IsKeptOrDropped(IncompleteChunk incomplete, int count) => Assert.Equal(count, new ChunkSizes(10, 3, incomplete).Count);

    [Fact]
    public void DriftThreshold_Wrong_Throws()
    {
        Assert.Throws<ArgumentException>(() => DriftThreshold.Constant());
        Assert.Throws<ArgumentException>(() => DriftThreshold.Constant(0.2, 0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => DriftThreshold.StandardDeviation(-1));
        Assert.Throws<ArgumentException>(() => DriftThreshold.StandardDeviation(null));
        Assert.Throws<ArgumentOutOfRangeException>(() => DriftThreshold.Quantile(0.1, 1.5));
    }

    [Fact]
    public void DriftThreshold_Limits_StayInTheRangeOfTheStatistic()
    {
        // By hand: mean 0.5, deviation 0.4 (divisor n); numpy.quantile([0.1, 0.9], 0.25) = 0.3.
        Assert.Equal((0, 1), DriftThreshold.StandardDeviation(3, 3).Limits([0.1, 0.9], 0.2, 1));
        var (lower, upper) = DriftThreshold.StandardDeviation(1, 1).Limits([0.1, 0.9], 0.2, 1);
        Assert.Equal((0.1, 0.9), (Math.Round(lower!.Value, 12), Math.Round(upper!.Value, 12)));
        Assert.Equal(0.3, DriftThreshold.Quantile(0.25, 0.75).Limits([0.9, 0.1], 0.2, 1).Lower!.Value, 1e-12);
        Assert.Equal((null, 0.2), DriftThreshold.FromTest.Limits([], 0.2, 1));
    }

    private static long Micros(string time) => UnixTime.Of(DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture).UtcDateTime);
}
