using Workbench.Host.Pages;

namespace Workbench.Host.Tests.Pages;

public sealed class PageTextTests
{
    [Theory]
    [InlineData(0.85, "850 ms")]
    [InlineData(12.34, "12.3 s")]
    [InlineData(59.99, "59.9 s")]
    [InlineData(245, "4 min 5 s")]
    [InlineData(3 * 3600 + 125, "3 h 2 min")]
    [InlineData(2 * 86400 + 5 * 3600, "2 d 5 h")]
    [InlineData(-1, "0 ms")]
    public void Duration_AnyLength_HasUnits(double seconds, string expected) => Assert.Equal(expected, PageText.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Time_AnyZone_IsWrittenInUtcWithItsZone()
    {
        var at = new DateTimeOffset(2026, 3, 1, 1, 30, 0, TimeSpan.FromHours(2));
        Assert.Equal("2026-02-28 23:30:00 UTC", PageText.Time(at));
        Assert.Equal("1 h 30 min ago", PageText.Ago(at, at.AddMinutes(90)));
        Assert.Equal("in 5 s", PageText.Ago(at, at.AddSeconds(-5)));
    }

    [Theory]
    [InlineData(3.0, "3")]
    [InlineData(0.81234567, "0.8123")]
    [InlineData(null, "")]
    public void Figure_Number_HasFourPlaces(double? value, string expected) => Assert.Equal(expected, PageText.Figure(value));
}
