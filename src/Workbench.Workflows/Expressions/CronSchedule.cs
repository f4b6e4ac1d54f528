using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Cronos;

namespace Workbench.Workflows.Expressions;

/// <summary>
/// A schedule in cron syntax. Elsa's (Cronos): minute hour day month weekday, or seconds first, Sunday is 0 or 7. Quartz's:
/// seconds first, a <c>?</c> in one of the two day fields, Sunday is 1, optionally a year at the end. A moment fits both day fields.
/// In a time zone a local time that a clock change leaves out comes at the end of the gap, and one that comes twice counts once. Immutable.
/// </summary>
public sealed class CronSchedule
{
    private const string Allowed =
        "Allowed: minute hour day month weekday, or seconds first, as in '0 2 * * *' for every night at two; or Quartz's syntax, as in '0 0 2 ? * MON-FRI'.";

    private readonly CronExpression _expression;
    private readonly string? _years;

    private CronSchedule(string text, CronExpression expression, string? years) => (Text, _expression, _years) = (text, expression, years);

    /// <summary>The expression as it was written.</summary>
    public string Text { get; }

    /// <summary>Reads an expression in either syntax.</summary>
    /// <exception cref="WorkflowException">The text is none; says why and what is allowed.</exception>
    public static CronSchedule Parse(string text) =>
        TryParse(text, out var schedule, out var problem) ? schedule : throw new WorkflowException(problem);

    /// <summary>Reads an expression in either syntax; else says why not and what is allowed.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out CronSchedule? schedule, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        (schedule, problem) = (null, null);
        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var isQuartz = fields.Length == 7 || fields.Length == 6 && fields.Contains("?");
        if (fields.Length is < 5 or > 7)
            problem = $"it has {fields.Length} fields";
        else if (isQuartz && fields[3] != "?" == (fields[5] != "?"))
            problem = "Quartz's syntax has a '?' in exactly one of the two day fields";
        else if (fields.Length == 7 && !YearsAreRight(fields[6]))
            problem = $"the year '{fields[6]}' is none";
        else
            problem = Parse(text, isQuartz ? [.. fields[..5], FromQuartzWeekdays(fields[5])] : fields, fields.Length == 7 ? fields[6] : null, out schedule);
        problem = problem is null ? null : $"'{text}' is no cron expression: {problem}. {Allowed}";
        return problem is null;
    }

    /// <summary>The first moment after the given one in the zone's local time, or null when none comes any more.</summary>
    public DateTimeOffset? Next(DateTimeOffset after, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var next = _expression.GetNextOccurrence(after, zone);
        while (next is { } moment && _years is not null && !Matches(_years, moment.Year))
        {
            if (moment.Year >= LastYear(_years))
                return null;
            var newYear = new DateTime(moment.Year + 1, 1, 1);
            next = _expression.GetNextOccurrence(new DateTimeOffset(newYear, zone.GetUtcOffset(newYear)), zone, inclusive: true);
        }
        return next;
    }

    /// <summary>The next moments after the given one, at most <paramref name="count"/>.</summary>
    public IReadOnlyList<DateTimeOffset> Next(DateTimeOffset after, TimeZoneInfo zone, int count)
    {
        var moments = new List<DateTimeOffset>();
        while (moments.Count < count && Next(moments.Count > 0 ? moments[^1] : after, zone) is { } next)
            moments.Add(next);
        return moments;
    }

    private static string? Parse(string text, string[] fields, string? years, out CronSchedule? schedule)
    {
        try
        {
            var format = fields.Length == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard;
            var expression = CronExpression.Parse(string.Join(' ', fields), format);
            schedule = new(text, expression, years);
            return null;
        }
        catch (CronFormatException failure)
        {
            schedule = null;
            return failure.Message.TrimEnd('.');
        }
    }

    /// <summary>"2-6,1#2": each weekday number moves down by one; the count behind '#' and the step behind '/' stay.</summary>
    private static string FromQuartzWeekdays(string field) => field == "L" ? "6"
        : string.Join(',', field.Split(',').Select(part =>
        {
            var end = part.IndexOfAny(['/', '#']);
            var (days, rest) = end < 0 ? (part, "") : (part[..end], part[end..]);
            return string.Join('-', days.Split('-').Select(MoveDown)) + rest;
        }));

    private static string MoveDown(string day)
    {
        var (number, suffix) = day.EndsWith('L') ? (day[..^1], "L") : (day, "");
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value is >= 1 and <= 7
            ? (value - 1).ToString(CultureInfo.InvariantCulture) + suffix
            : int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? "invalid" : day;
    }

    private static bool YearsAreRight(string years) => years.Split(',').All(part => YearRange(part) is not null);

    private static bool Matches(string years, int year) => years.Split(',').Select(YearRange)
        .Any(range => range is { } years && year >= years.First && year <= years.Last && (year - years.First) % years.Step == 0);

    private static int LastYear(string years) => years.Split(',').Max(part => YearRange(part)?.Last ?? 0);

    /// <summary>First, last and step of "*", "2026", "2026-2030" or "2026/2"; null for anything else.</summary>
    private static (int First, int Last, int Step)? YearRange(string part)
    {
        var (range, stepText) = part.Split('/') is [var left, var right] ? (left, right) : (part, "1");
        var ends = range == "*" ? ["1970", "2099"] : range.Split('-');
        if (ends.Length > 2 || !Year(ends[0], out var first) || !Year(ends[^1], out var last) || first > last
            || !int.TryParse(stepText, NumberStyles.None, CultureInfo.InvariantCulture, out var step) || step < 1)
            return null;
        return (first, ends.Length == 1 && part.Contains('/') ? 2099 : last, step);
    }

    private static bool Year(string text, out int year) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out year) && year is >= 1970 and <= 2099;
}
