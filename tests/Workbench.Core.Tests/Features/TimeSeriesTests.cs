using Workbench.Data;
using Workbench.Features;

namespace Workbench.Core.Tests.Features;

public sealed class TimeSeriesTests
{
    private static TimeSeries Read(string rows)
    {
        using var session = DuckSession.Open();
        return TimeSeries.Query(session, $"SELECT * FROM (VALUES {rows}) AS t(moment, rides)", "moment", "rides", TimeSpan.FromHours(1));
    }

    [Fact]
    public void Query_GapsAndNulls_AreFilledOnTheLine()
    {
        // Hours 0, 1, (2 missing), 3 NULL, 4: on the line from 4 to 10, three steps apart.
        var series = Read("(TIMESTAMP '2025-01-01 04:00', 10), (TIMESTAMP '2025-01-01 00:00', 1), (TIMESTAMP '2025-01-01 01:00', 4), (TIMESTAMP '2025-01-01 03:00', NULL)");
        Assert.Equal([1f, 4f, 6f, 8f, 10f], series.Values);
        Assert.Equal((2, new DateTime(2025, 1, 1)), (series.Filled, series.Start));
        var part = series.Slice(1, 3);
        Assert.Equal([4f, 6f], part.Values);
        Assert.Equal(new DateTime(2025, 1, 1, 1, 0, 0), part.Start);
        Assert.Throws<ArgumentOutOfRangeException>(() => series.Slice(3, 6));
    }

    [Theory]
    [InlineData("(TIMESTAMP '2025-01-01 00:00', 1), (TIMESTAMP '2025-01-01 00:00', 2)", "2025-01-01 00:00:00 comes twice")]
    [InlineData("(TIMESTAMP '2025-01-01 00:00', 1), (TIMESTAMP '2025-01-01 01:30', 2)", "no whole number of steps of 01:00:00")]
    [InlineData("(TIMESTAMP '2025-01-01 00:00', 'inf'::DOUBLE)", "a finite number is needed")]
    [InlineData("(TIMESTAMP '2025-01-01 00:00', NULL::DOUBLE)", "no value of 'rides'")]
    public void Query_WrongRows_SaysWhich(string rows, string expected) => Assert.Contains(expected, Assert.Throws<DataException>(() => Read(rows)).Message);
}
