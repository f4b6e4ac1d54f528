using Quartz;
using Workbench.Host.Scheduling;
using Workbench.Workflows;

namespace Workbench.Host.Tests.Scheduling;

public sealed class CronSyntaxTests
{
    [Theory]
    [InlineData("0 2 * * *", "0 0 2 * * ?")]
    [InlineData("*/5 * * * *", "0 */5 * * * ?")]
    [InlineData("30 0 2 * * *", "30 0 2 * * ?")]
    [InlineData("0 2 1 * *", "0 0 2 1 * ?")]
    [InlineData("0 2 * * 0", "0 0 2 ? * 1")]
    [InlineData("0 2 * * 7", "0 0 2 ? * 1")]
    [InlineData("0 2 * * 1-5", "0 0 2 ? * 2-6")]
    [InlineData("0 2 * * MON,WED", "0 0 2 ? * MON,WED")]
    [InlineData("0 0 2 ? * 2-6", "0 0 2 ? * 2-6")]
    public void ToQuartz_UnderstoodSyntax_GivesTheSameSchedule(string expression, string expected) =>
        Assert.Equal(expected, CronSyntax.ToQuartz(expression));

    // 2026-11-23 is a Monday: Friday, as cron's weekday 5, is the 27th.
    [Fact]
    public void ToQuartz_WeekdayNumber_FiresOnThatWeekday()
    {
        var cron = new CronExpression(CronSyntax.ToQuartz("0 2 * * 5"), TimeZoneInfo.Utc);
        Assert.Equal(new DateTimeOffset(2026, 11, 27, 2, 0, 0, TimeSpan.Zero), cron.GetNextValidTimeAfter(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero)));
    }

    [Theory]
    [InlineData("every night")]
    [InlineData("0 25 * * *")]
    [InlineData("99 99 * * *")]
    [InlineData("*/5 * 32 * *")]
    [InlineData("0 0 2 ? 13 *")]
    [InlineData("0 2 1 * 1")]
    public void ToQuartz_NoCronExpression_SaysWhichAndWhatIsAllowed(string expression)
    {
        var failure = Assert.Throws<WorkflowException>(() => CronSyntax.ToQuartz(expression));
        Assert.Contains("Allowed", failure.Message);
    }
}
