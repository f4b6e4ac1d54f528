using Workbench.Data;

namespace Workbench.Core.Tests.Data;

public class ReplayClockTests
{
    private static readonly DateTimeOffset Start = new(2025, 4, 8, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void AdvanceTo_LaterTime_StandsThere()
    {
        var clock = new ReplayClock(Start);
        clock.AdvanceTo(Start.AddDays(1).ToOffset(TimeSpan.FromHours(2)));
        Assert.Equal(Start.AddDays(1), clock.GetUtcNow());
    }

    [Fact]
    public void AdvanceTo_EarlierTime_IsRefused()
    {
        var clock = new ReplayClock(Start);
        Assert.Throws<ArgumentOutOfRangeException>(() => clock.AdvanceTo(Start.AddTicks(-1)));
        Assert.Equal(Start, clock.GetUtcNow());
    }
}
