using Quartz;
using Workbench.Workflows;

namespace Workbench.Host.Scheduling;

/// <summary>
/// Elsa writes cron with 5 fields (minute hour day month weekday) or 6 (seconds first) and Sunday as 0; Quartz wants
/// seconds, a '?' in one of the two day fields, and Sunday as 1. Both are understood.
/// </summary>
internal static class CronSyntax
{
    private static readonly IReadOnlyList<(string Field, int Least, int Most)> Limits =
        [("second", 0, 59), ("minute", 0, 59), ("hour", 0, 23), ("day of the month", 1, 31), ("month", 1, 12), ("weekday", 1, 7)];

    /// <summary>The same schedule in Quartz's syntax.</summary>
    /// <exception cref="WorkflowException">The expression is none; says which and what is allowed.</exception>
    public static string ToQuartz(string expression)
    {
        var fields = expression.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var quartz = fields.Length switch
        {
            5 => FromUnix(["0", .. fields]),
            6 when !fields.Contains("?") => FromUnix(fields),
            6 or 7 => string.Join(' ', fields),
            _ => throw Invalid(expression, $"it has {fields.Length} fields"),
        };
        CheckRanges(expression, quartz.Split(' '));
        try
        {
            _ = new CronExpression(quartz);
        }
        catch (FormatException failure)
        {
            throw Invalid(expression, failure.Message, failure);
        }
        return quartz;
    }

    // Quartz takes "99 99 * * *" and never fires.
    private static void CheckRanges(string expression, string[] fields)
    {
        for (int i = 0; i < Math.Min(fields.Length, Limits.Count); i++)
            foreach (var number in fields[i].Split(',').Where(part => !part.Contains('L', StringComparison.Ordinal) && !part.Contains('W', StringComparison.Ordinal))
                .SelectMany(part => part.Split('/', '#')[0].Split('-')))
                if (int.TryParse(number, out int value) && (value < Limits[i].Least || value > Limits[i].Most))
                    throw Invalid(expression, $"the {Limits[i].Field} {value} is not between {Limits[i].Least} and {Limits[i].Most}");
    }

    private static string FromUnix(string[] fields)
    {
        var (day, weekday) = (fields[3], fields[5]);
        if (day != "*" && weekday != "*")
            throw Invalid(string.Join(' ', fields), "Quartz takes a day of the month or a weekday, not both");
        return string.Join(' ', [.. fields[..3], weekday == "*" ? day : "?", fields[4], weekday == "*" ? "?" : Weekdays(weekday)]);
    }

    // "1-5,0/2": each weekday number moves up by one, steps and names stay.
    private static string Weekdays(string field) =>
        string.Join(',', field.Split(',').Select(part =>
        {
            var (range, step) = part.Split('/') is [var first, var second] ? (first, "/" + second) : (part, "");
            return string.Join('-', range.Split('-').Select(day => int.TryParse(day, out int number) ? (number % 7 + 1).ToString() : day)) + step;
        }));

    private static WorkflowException Invalid(string expression, string why, Exception? inner = null) =>
        new($"'{expression}' is no cron expression: {why}. Allowed: minute hour day month weekday, optionally with seconds first, as in '0 2 * * *' for every night at two.", inner);
}
