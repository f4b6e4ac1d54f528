using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Workflows.Expressions;
using Workbench.Workflows.Model;

namespace Workbench.Workflows.Triggers;

/// <summary>The moments of a cron, timer or StartAt trigger. Immutable.</summary>
public sealed class TriggerSchedule
{
    private const int MostMoments = 100_000;
    private static readonly TimeSpan Tail = TimeSpan.FromHours(1);
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromMinutes(1); // As the activity's own default.

    private readonly CronSchedule? _cron;
    private readonly TimeZoneInfo _zone;
    private readonly TimeSpan _interval;
    private readonly DateTimeOffset _moment;

    private TriggerSchedule(string text, CronSchedule? cron = null, TimeZoneInfo? zone = null, TimeSpan interval = default, DateTimeOffset moment = default) =>
        (Text, _cron, _zone, _interval, _moment) = (text, cron, zone ?? TimeZoneInfo.Utc, interval, moment);

    /// <summary>The schedule in words: the cron expression with its zone unless that is UTC, "every 00:10:00", "at 2026-12-01 02:00:00Z".</summary>
    public string Text { get; }

    /// <summary>The schedule of a trigger of that type; null when the type has none, or it cannot be read, which validation reports.</summary>
    public static TriggerSchedule? Read(string type, JsonObject config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return type switch
        {
            TriggerTypes.Cron => ReadCron(WorkflowJson.Text(config["cronExpression"]) ?? "", WorkflowJson.Text(config["timeZone"]) is { Length: > 0 } zone ? zone : "UTC"),
            TriggerTypes.Timer => ReadTimer(config["interval"]),
            TriggerTypes.StartAt => DateTimeOffset.TryParse(WorkflowJson.Text(config["dateTime"]), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
                ? new($"at {Words(moment)}", moment: moment) : null,
            _ => null,
        };
    }

    /// <summary>The first moment of a schedule that begins now; null when it has none any more.</summary>
    public DateTimeOffset? First(DateTimeOffset now) =>
        _cron is not null ? _cron.Next(now, _zone)
        : _interval > TimeSpan.Zero ? now + _interval
        : _moment > now ? _moment : null;

    /// <summary>The moment after one of the schedule's; null when none comes any more.</summary>
    public DateTimeOffset? Next(DateTimeOffset moment) =>
        _cron is not null ? _cron.Next(moment, _zone) : _interval > TimeSpan.Zero ? moment + _interval : null;

    /// <summary>The moments from the given one on, at most <paramref name="count"/>.</summary>
    public IReadOnlyList<DateTimeOffset> Upcoming(DateTimeOffset? next, int count)
    {
        var moments = new List<DateTimeOffset>();
        for (; next is { } moment && moments.Count < count; next = Next(moment))
            moments.Add(moment);
        return moments;
    }

    /// <summary>The moments from <paramref name="next"/> up to now: the latest of them, how many came before those, and the first that is not due yet.</summary>
    internal DueMoments Due(DateTimeOffset next, DateTimeOffset now, int keep)
    {
        var (latest, earlier, seen) = (new Queue<DateTimeOffset>(), 0L, 0);
        if (_interval > TimeSpan.Zero && (now - next).Ticks / _interval.Ticks + 1 - keep is > 0 and var over)
            (earlier, next) = (over, next + _interval * over);
        DateTimeOffset? moment = next;
        while (moment is { } due && due <= now)
        {
            latest.Enqueue(due);
            if (latest.Count > keep)
                (_, earlier) = (latest.Dequeue(), earlier + 1);
            // Years of seconds are not counted one by one: only the last hour of them.
            moment = ++seen == MostMoments && due < now - Tail ? Next(now - Tail) : Next(due);
        }
        return new([.. latest], earlier, moment);
    }

    /// <summary>A moment as reasons of runs have it.</summary>
    internal static string Words(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static TriggerSchedule? ReadCron(string text, string zoneName) =>
        CronSchedule.TryParse(text, out var cron, out _) && TimeZoneInfo.TryFindSystemTimeZoneById(zoneName, out var zone)
            ? new(zone.HasSameRules(TimeZoneInfo.Utc) ? $"'{text}'" : $"'{text}' in {zoneName}", cron, zone) : null;

    private static TriggerSchedule? ReadTimer(JsonNode? value)
    {
        var text = WorkflowJson.Text(value);
        var interval = string.IsNullOrEmpty(text) ? DefaultInterval : TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var parsed) ? parsed : TimeSpan.Zero;
        return interval > TimeSpan.Zero ? new($"every {interval}", interval: interval) : null;
    }
}
