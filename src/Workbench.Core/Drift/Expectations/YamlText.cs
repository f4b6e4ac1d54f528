using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Workbench.Drift.Expectations;

/// <summary>Values as they stand in a file of expectations.</summary>
internal static partial class YamlText
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    // What YAML 1.1 or 1.2 takes for something else than a text.
    private static readonly string[] Taken = ["true", "false", "yes", "no", "on", "off", "y", "n", "null", "none"];

    /// <summary>A number that reads back as the same.</summary>
    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <inheritdoc cref="Number(double)"/>
    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A text, in quotes where YAML or a reader could take it for something else.</summary>
    public static string Quote(string text) =>
        Plain().IsMatch(text) && !Taken.Contains(text, StringComparer.OrdinalIgnoreCase) ? text
        : text.Any(char.IsControl) ? JsonSerializer.Serialize(text, Readable)
        : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    public static string List(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Quote))}]";

    /// <summary>Microseconds since 1970 as ISO 8601.</summary>
    public static string Time(double microseconds)
    {
        var time = DateTime.UnixEpoch.AddTicks((long)microseconds * 10);
        return time.ToString(time.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd'T'HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture);
    }

    public static string Age(TimeSpan age) =>
        age.Ticks % TimeSpan.TicksPerDay == 0 ? Unit(age.TotalDays, "d")
        : age.Ticks % TimeSpan.TicksPerHour == 0 ? Unit(age.TotalHours, "h")
        : age.Ticks % TimeSpan.TicksPerMinute == 0 ? Unit(age.TotalMinutes, "m")
        : Unit(age.TotalSeconds, "s");

    /// <summary>Both bounds as arguments; an open side is left out.</summary>
    public static IReadOnlyList<(string, string)> Bounds(string? min, string? max) =>
        [.. min is null ? [] : new[] { ("min", min) }, .. max is null ? [] : new[] { ("max", max) }];

    /// <inheritdoc cref="Bounds(string?, string?)"/>
    public static IReadOnlyList<(string, string)> Bounds(long? min, long? max) => Bounds(Text(min), Text(max));

    /// <summary>Both bounds in brackets; null when a side is open.</summary>
    public static string? Pair(string? min, string? max) => min is null || max is null ? null : $"[{min}, {max}]";

    /// <inheritdoc cref="Pair(string?, string?)"/>
    public static string? Pair(long? min, long? max) => Pair(Text(min), Text(max));

    /// <summary>In words.</summary>
    public static string Between(string? min, string? max) => (min, max) switch
    {
        (null, null) => "any number of",
        (null, _) => $"at most {max}",
        (_, null) => $"at least {min}",
        _ => $"{min} to {max}",
    };

    /// <inheritdoc cref="Between(string?, string?)"/>
    public static string Between(long? min, long? max) => Between(min?.ToString("N0", CultureInfo.InvariantCulture), max?.ToString("N0", CultureInfo.InvariantCulture));

    /// <summary>True in SQL where an expression lies between the bounds.</summary>
    public static string Condition(string expression, string? min, string? max) => (min, max) switch
    {
        (null, null) => $"{expression} IS NOT NULL",
        (null, _) => $"{expression} <= {max}",
        (_, null) => $"{expression} >= {min}",
        _ => $"{expression} BETWEEN {min} AND {max}",
    };

    /// <inheritdoc cref="Condition(string, string?, string?)"/>
    public static string Condition(string expression, long? min, long? max) => Condition(expression, Text(min), Text(max));

    private static string? Text(long? bound) => bound is { } value ? Number(value) : null;

    private static string Unit(double number, string unit) => number.ToString("R", CultureInfo.InvariantCulture) + unit;

    [GeneratedRegex(@"^[A-Za-z_]([A-Za-z0-9_ .-]*[A-Za-z0-9_])?$")]
    private static partial Regex Plain();
}
