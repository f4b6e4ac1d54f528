using Workbench.Host.Pages;

namespace Workbench.Host.Tests.Pages;

public sealed class GanttTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Lanes_OverlappingBars_TakeTheFirstLineWithRoom()
    {
        // 0-10, 5-15 overlap; 10-20 begins when the first ends; the last one has not ended.
        var rows = GanttRow.Lanes("p", [Span(5, 15), Span(0, 10), Span(10, 20), Span(20, null), Span(30, 40)]);
        Assert.Equal(["p", ""], rows.Select(row => row.Name));
        Assert.Equal([0, 10, 20], rows[0].Spans.Select(span => (span.From - Noon).TotalMinutes));
        Assert.Equal([5, 30], rows[1].Spans.Select(span => (span.From - Noon).TotalMinutes));
    }

    [Fact]
    public void Place_BarThatLasts_ReachesNow()
    {
        var scale = new GanttScale(Noon, Noon.AddMinutes(100));
        Assert.Equal("left:20.00%;width:30.00%", scale.Place(Span(20, null), Noon.AddMinutes(50)));
        Assert.Equal("left:0.00%;width:100.00%", scale.Place(Span(-10, 500), Noon));
    }

    [Theory]
    [InlineData(1, "12:00:00", "12:01:00")]
    [InlineData(60, "12:00", "13:00")]
    [InlineData(60 * 24, "01-02 12:00", "01-03 12:00")]
    [InlineData(60 * 24 * 12, "2026-01-03", "2026-01-13")]
    public void Ticks_AnyLength_AreRoundAndAtMostSeven(double minutes, string first, string last)
    {
        var ticks = new GanttScale(Noon, Noon.AddMinutes(minutes)).Ticks();
        Assert.InRange(ticks.Count, 2, 7);
        Assert.Equal((first, last), (ticks[0].Text, ticks[^1].Text));
    }

    [Fact]
    public void Around_NoBarOrAMoment_IsNeverEmpty()
    {
        Assert.Equal(TimeSpan.FromSeconds(1), GanttScale.Around([], Noon) is var none ? none.To - none.From : default);
        Assert.Equal(TimeSpan.FromSeconds(1), GanttScale.Around([Span(0, 0)], Noon) is var point ? point.To - point.From : default);
    }

    private static GanttSpan Span(double from, double? to) => new(Noon.AddMinutes(from), to is { } end ? Noon.AddMinutes(end) : null, "Completed", "", "");
}
