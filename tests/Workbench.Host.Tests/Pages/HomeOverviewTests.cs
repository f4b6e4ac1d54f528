using Workbench.Host.Pages.Home;
using Workbench.Host.Triggers;

namespace Workbench.Host.Tests.Pages;

public sealed class HomeOverviewTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void NextOf_SeveralSchedules_IsTheNextOfEachSoonestFirst()
    {
        var next = HomeOverview.NextOf([Trigger("later", 2.5, 100), Trigger("hourly", 1, 2, 3, 4, 5), Trigger("paused")]);
        Assert.Equal([("hourly", 1.0), ("later", 2.5)], next.Select(one => (one.Workflow, (one.At - Now).TotalHours)));
    }

    [Fact]
    public void NextOf_Many_AreCut() => Assert.Equal(8, HomeOverview.NextOf(Enumerable.Range(1, 20).Select(hour => Trigger($"w{hour}", hour))).Count);

    private static TriggerView Trigger(string workflow, params double[] hours) => new(
        $"{workflow}:t", workflow, 1, "t", "cron", "every hour", [.. hours.Select(hour => Now.AddHours(hour))], false, null, null, "once", "queue", "minute", null, null, null, 0, null, null, null, null, []);
}
