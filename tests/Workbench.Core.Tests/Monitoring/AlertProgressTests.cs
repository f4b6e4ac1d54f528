using Workbench.Monitoring;

namespace Workbench.Core.Tests.Monitoring;

public sealed class AlertProgressTests
{
    private static readonly DateTimeOffset Start = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>One character a minute: x crossed, . not crossed, ? no data. The result has one letter for each state.</summary>
    private static string Run(string series, int holdMinutes)
    {
        var progress = new AlertProgress(AlertState.Inactive);
        var states = "";
        for (var minute = 0; minute < series.Length; minute++)
        {
            bool? crossed = series[minute] == '?' ? null : series[minute] == 'x';
            progress = progress.Next(crossed, Start.AddMinutes(minute), TimeSpan.FromMinutes(holdMinutes));
            states += progress.State.ToString()[0];
        }
        return states;
    }

    [Theory]
    // Prometheus: a threshold crossed at minute 4 with "for: 5m" fires at minute 9 (measured with promtool).
    [InlineData("....xxxxxxx", 5, "IIIIPPPPPFF")]
    [InlineData("..xx.xxx.", 2, "IIPPIPPFR")]
    [InlineData("xx..x", 0, "FFRRF")]
    [InlineData(".xx.xx", 1, "IPFRPF")]
    [InlineData("xxx", 9, "PPP")]
    // No data changes nothing, and the time goes on: the crossing of minute 0 lasted 3 minutes when it is seen again.
    [InlineData("x??x", 3, "PPPF")]
    [InlineData("x???", 2, "PPPP")]
    [InlineData("xx??.", 1, "PFFFR")]
    [InlineData("???", 0, "III")]
    public void Next_Series_GivesTheStates(string series, int holdMinutes, string expected) => Assert.Equal(expected, Run(series, holdMinutes));

    [Fact]
    public void Next_KeepsWhenItStartedAndFired()
    {
        var hold = TimeSpan.FromMinutes(1);
        var pending = new AlertProgress(AlertState.Inactive).Next(true, Start, hold);
        var firing = pending.Next(true, Start.AddMinutes(1), hold);
        var still = firing.Next(true, Start.AddMinutes(2), hold);
        var resolved = still.Next(false, Start.AddMinutes(3), hold);
        Assert.Equal((Start, null), (pending.ActiveAt, pending.FiredAt));
        Assert.Equal((Start, Start.AddMinutes(1)), (still.ActiveAt, still.FiredAt));
        Assert.Equal((null, Start.AddMinutes(1)), (resolved.ActiveAt, resolved.FiredAt));
        Assert.Null(resolved.Next(true, Start.AddMinutes(4), hold).FiredAt);
    }

    [Theory]
    [InlineData(AlertState.Pending, AlertState.Inactive)]
    [InlineData(AlertState.Firing, AlertState.Resolved)]
    [InlineData(AlertState.Inactive, AlertState.Inactive)]
    [InlineData(AlertState.Resolved, AlertState.Resolved)]
    public void Reset_EndsWhatIsActive(AlertState before, AlertState after) =>
        Assert.Equal(after, new AlertProgress(before, Start, Start).Reset().State);
}
