using System.Globalization;

namespace Workbench.Host.Pages;

/// <summary>A stretch of time as a line from 0 to 100 percent, with round moments on it.</summary>
internal sealed record GanttScale(DateTimeOffset From, DateTimeOffset To)
{
    private const int MostTicks = 6;
    private static readonly TimeSpan[] Steps =
    [
        .. new[] { 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30 }.Select(seconds => TimeSpan.FromSeconds(seconds)),
        .. new[] { 1, 2, 5, 10, 15, 30 }.Select(minutes => TimeSpan.FromMinutes(minutes)),
        .. new[] { 1, 2, 3, 6, 12 }.Select(hours => TimeSpan.FromHours(hours)),
        .. new[] { 1, 2, 7, 14, 30, 90, 365 }.Select(days => TimeSpan.FromDays(days)),
    ];

    /// <summary>The stretch that holds all bars; those that last end now. At least a second long.</summary>
    public static GanttScale Around(IEnumerable<GanttSpan> spans, DateTimeOffset now)
    {
        var list = spans.ToList();
        if (list.Count == 0)
            return new(now - TimeSpan.FromSeconds(1), now);
        var (from, to) = (list.Min(span => span.From), list.Max(span => span.To ?? now));
        return new(from, to - from < TimeSpan.FromSeconds(1) ? from + TimeSpan.FromSeconds(1) : to);
    }

    /// <summary>Where a moment lies, in percent; moments outside lie at the nearer end.</summary>
    public double Percent(DateTimeOffset at) => Math.Clamp((at - From) / (To - From), 0, 1) * 100;

    /// <summary>The style that puts a bar in its place.</summary>
    public string Place(GanttSpan span, DateTimeOffset now)
    {
        double left = Percent(span.From);
        return string.Create(CultureInfo.InvariantCulture, $"left:{left:F2}%;width:{Percent(span.To ?? now) - left:F2}%");
    }

    /// <summary>Round moments in UTC with their labels, at most six.</summary>
    public IReadOnlyList<(DateTimeOffset At, string Text)> Ticks()
    {
        var step = Steps.FirstOrDefault(step => (To - From) / step <= MostTicks, Steps[^1]);
        var format = step switch
        {
            { TotalSeconds: < 1 } => "HH:mm:ss.f",
            { TotalMinutes: < 1 } => "HH:mm:ss",
            { TotalDays: < 1 } when From.UtcDateTime.Date == To.UtcDateTime.Date => "HH:mm",
            { TotalDays: < 1 } => "MM-dd HH:mm",
            _ => "yyyy-MM-dd",
        };
        var ticks = new List<(DateTimeOffset, string)>();
        for (long ticksUtc = (From.UtcTicks + step.Ticks - 1) / step.Ticks * step.Ticks; ticksUtc <= To.UtcTicks; ticksUtc += step.Ticks)
            ticks.Add((new DateTimeOffset(ticksUtc, TimeSpan.Zero), new DateTime(ticksUtc, DateTimeKind.Utc).ToString(format, CultureInfo.InvariantCulture)));
        return ticks;
    }
}
