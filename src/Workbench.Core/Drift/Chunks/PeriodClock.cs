using System.Globalization;

namespace Workbench.Drift.Chunks;

/// <summary>Periods of one length, counted from 1970 (ISO weeks from Monday 1969-12-29). For one thread at a time: it remembers the last period.</summary>
internal sealed class PeriodClock(ChunkPeriod period)
{
    // 1970-01-01 was a Thursday.
    private const int DaysAfterMonday = 3;
    private long _start = 1, _end, _index;

    /// <summary>Number of the period that holds a known time.</summary>
    public long Index(long time)
    {
        if (time >= _start && time < _end)
            return _index;
        _index = period switch
        {
            ChunkPeriod.Hour => UnixTime.Divide(time, UnixTime.Hour),
            ChunkPeriod.Day => UnixTime.Divide(time, UnixTime.Day),
            ChunkPeriod.Week => UnixTime.Divide(UnixTime.Divide(time, UnixTime.Day) + DaysAfterMonday, 7),
            _ => UnixTime.Divide(Months(UnixTime.ToDateTime(time)), MonthsOf(period)),
        };
        (_start, _end) = (Start(_index), Start(_index + 1));
        return _index;
    }

    /// <summary>First moment of a period; the last known one where the calendar ends.</summary>
    public long Start(long index) => period switch
    {
        ChunkPeriod.Hour => index * UnixTime.Hour,
        ChunkPeriod.Day => index * UnixTime.Day,
        ChunkPeriod.Week => (index * 7 - DaysAfterMonday) * UnixTime.Day,
        _ => Month(index * MonthsOf(period)),
    };

    public string Label(long index)
    {
        var start = UnixTime.ToDateTime(Math.Max(UnixTime.Least, Start(index)));
        return period switch
        {
            ChunkPeriod.Hour => start.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
            ChunkPeriod.Day => start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ChunkPeriod.Week => string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(start):D4}-W{ISOWeek.GetWeekOfYear(start):D2}"),
            ChunkPeriod.Month => start.ToString("yyyy-MM", CultureInfo.InvariantCulture),
            ChunkPeriod.Quarter => string.Create(CultureInfo.InvariantCulture, $"{start.Year:D4}Q{(start.Month + 2) / 3}"),
            _ => start.ToString("yyyy", CultureInfo.InvariantCulture),
        };
    }

    private static int MonthsOf(ChunkPeriod period) => period switch { ChunkPeriod.Quarter => 3, ChunkPeriod.Year => 12, _ => 1 };

    private static long Months(DateTime time) => (time.Year - 1970) * 12 + time.Month - 1;

    private static long Month(long months)
    {
        long year = 1970 + UnixTime.Divide(months, 12);
        return year > 9999 ? UnixTime.Most : UnixTime.Of(new((int)year, (int)(months - UnixTime.Divide(months, 12) * 12) + 1, 1));
    }
}
