using System.Globalization;

namespace Workbench.Drift.Chunks;

/// <summary>The season of a time, counted from 0. For one thread at a time: it remembers the last month.</summary>
internal sealed class SeasonClock(Season season)
{
    private readonly PeriodClock _months = new(ChunkPeriod.Month);

    public int Index(long time) => season switch
    {
        Season.HourOfDay => Remainder(UnixTime.Divide(time, UnixTime.Hour), 24),
        Season.Weekday => Remainder(UnixTime.Divide(time, UnixTime.Day) + 3, 7), // 1970-01-01 was a Thursday
        Season.Month => Remainder(_months.Index(time), 12),
        _ => Remainder(_months.Index(time), 12) / 3,
    };

    /// <summary>Names of the seasons whose bits are set, such as "Saturday and Sunday".</summary>
    public static string Names(Season season, uint mask)
    {
        var names = Enumerable.Range(0, 24).Where(index => (mask >> index & 1) == 1).Select(index => Name(season, index)).ToList();
        return names.Count < 2 ? string.Concat(names) : $"{string.Join(", ", names.SkipLast(1))} and {names[^1]}";
    }

    private static string Name(Season season, int index) => season switch
    {
        Season.HourOfDay => string.Create(CultureInfo.InvariantCulture, $"{index:D2}:00"),
        Season.Weekday => ((DayOfWeek)((index + 1) % 7)).ToString(),
        Season.Month => CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName(index + 1),
        _ => string.Create(CultureInfo.InvariantCulture, $"quarter {index + 1}"),
    };

    private static int Remainder(long value, int divisor) => (int)(((value % divisor) + divisor) % divisor);
}
