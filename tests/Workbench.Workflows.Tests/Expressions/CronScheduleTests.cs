using System.Globalization;

namespace Workbench.Workflows.Expressions;

/// <summary>Moments worked out by hand with a calendar; 8 April 2025 is a Tuesday.</summary>
public sealed class CronScheduleTests
{
    private static readonly DateTimeOffset Tuesday = new(2025, 4, 8, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("0 2 * * *", "2025-04-08 02:00:00")]
    [InlineData("*/15 * * * *", "2025-04-08 00:15:00")]
    [InlineData("30 0 2 * * *", "2025-04-08 02:00:30")] // Seconds first.
    [InlineData("0 0 * * 0", "2025-04-13 00:00:00")] // Sunday is 0 ...
    [InlineData("0 0 * * 7", "2025-04-13 00:00:00")] // ... or 7
    [InlineData("0 0 0 ? * 1", "2025-04-13 00:00:00")] // and 1 in Quartz's syntax.
    [InlineData("0 0 0 ? * 2-6", "2025-04-09 00:00:00")]
    [InlineData("0 0 0 ? * SUN", "2025-04-13 00:00:00")]
    [InlineData("0 0 0 ? * 6#3", "2025-04-18 00:00:00")] // The third Friday.
    [InlineData("0 0 0 ? * 6L", "2025-04-25 00:00:00")] // The last Friday.
    [InlineData("0 0 0 ? * L", "2025-04-12 00:00:00")] // Saturday.
    [InlineData("0 0 0 L * ?", "2025-04-30 00:00:00")]
    [InlineData("0 0 0 1 1 ? 2027", "2027-01-01 00:00:00")]
    [InlineData("0 0 0 1 1 ? 2025-2030/2", "2027-01-01 00:00:00")]
    [InlineData("0 0 0 1 1 ? 2020", null)]
    [InlineData("0 0 30 2 *", null)]
    [InlineData("0 0 13 * 5", "2025-06-13 00:00:00")] // Friday the 13th: both must fit, as in Cronos.
    public void Next_EitherSyntax_GivesTheMoment(string text, string? expected) =>
        Assert.Equal(expected, CronSchedule.Parse(text).Next(Tuesday, TimeZoneInfo.Utc)?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));

    [Fact]
    public void Next_Zone_KeepsLocalTimeOverTheChangeOfClocks()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var moments = CronSchedule.Parse("0 2 * * *").Next(new(2025, 10, 25, 12, 0, 0, TimeSpan.Zero), zone, 2);
        // On 26 October 2025 02:00 comes twice in Berlin; the first, still summer time, counts.
        Assert.Equal([new(2025, 10, 26, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2025, 10, 27, 1, 0, 0, TimeSpan.Zero)], moments.Select(moment => moment.ToUniversalTime()));
    }

    [Theory]
    [InlineData("0 2 * *", "it has 4 fields")]
    [InlineData("61 2 * * *", "61")]
    [InlineData("0 0 2 ? * ?", "exactly one of the two day fields")]
    [InlineData("0 0 2 * * * 2025", "exactly one of the two day fields")]
    [InlineData("0 0 2 ? * MON 1900", "the year '1900' is none")]
    [InlineData("0 0 2 ? * 8", "is no cron expression")]
    [InlineData("nightly", "it has 1 fields")]
    public void TryParse_WrongText_SaysWhy(string text, string why)
    {
        Assert.False(CronSchedule.TryParse(text, out _, out var problem));
        Assert.Contains(why, problem);
        Assert.Contains("'0 2 * * *' for every night at two", problem);
    }
}
