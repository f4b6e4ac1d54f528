using Workbench.Host.Pages.Home;
using Workbench.Host.Triggers;

namespace Workbench.Host.Tests.Pages;

public sealed class HomeOverviewTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void NextOf_SeveralSchedules_AreMixedSoonestFirst()
    {
        var next = HomeOverview.NextOf([Trigger("hourly", 1, 2, 3, 4, 5), Trigger("later", 2.5, 100), Trigger("paused")]);
        Assert.Equal(["hourly", "hourly", "later", "hourly", "hourly", "hourly", "later"], next.Select(one => one.Workflow));
        Assert.Equal([1, 2, 2.5, 3, 4, 5, 100], next.Select(one => (one.At - Now).TotalHours));
    }

    [Fact]
    public void NextOf_Many_AreCut() => Assert.Equal(8, HomeOverview.NextOf([Trigger("a", 1, 2, 3, 4, 5), Trigger("b", 1, 2, 3, 4, 5)]).Count);

    private static TriggerView Trigger(string workflow, params double[] hours) => new(
        $"{workflow}:t", workflow, 1, "t", "cron", "every hour", [.. hours.Select(hour => Now.AddHours(hour))], false, null, null, "once", "queue", "minute", null, null, null, 0, null, null, null, null, []);
}
