using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Workbench.Host.Cli;

/// <summary>Durations on the command line: seconds (90), with a unit (5ms, 90s, 10m, 2h, 7d) or hh:mm:ss.</summary>
internal static class DurationText
{
    /// <summary>An option that takes a duration; another text is wrong use.</summary>
    public static Option<TimeSpan?> Option(string name, string[] aliases, string description) => new(name, aliases)
    {
        Description = description + " In seconds, as 10m or 2h, or as hh:mm:ss.",
        HelpName = "TIME",
        CustomParser = result => Read(result, name),
    };

    public static TimeSpan? Parse(string text)
    {
        var unit = text.Length == 0 ? ' ' : char.ToLowerInvariant(text[^1]);
        if (text.Contains(':', StringComparison.Ordinal))
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var clock) && clock > TimeSpan.Zero ? clock : null;
        if (text.EndsWith("ms", StringComparison.OrdinalIgnoreCase))
            return Number(text[..^2]) is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;
        var number = unit is 's' or 'm' or 'h' or 'd' ? text[..^1] : text;
        if (Number(number) is not { } count)
            return null;
        return unit switch { 'd' => TimeSpan.FromDays(count), 'h' => TimeSpan.FromHours(count), 'm' => TimeSpan.FromMinutes(count), _ => TimeSpan.FromSeconds(count) };
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count) && count is > 0 and <= 1e7 ? count : null;

    private static TimeSpan? Read(ArgumentResult result, string name)
    {
        var text = result.Tokens[0].Value;
        if (Parse(text) is { } duration)
            return duration;
        result.AddError($"{name} '{text}' is no duration. Give seconds such as 90, a number with s, m or h such as 10m, or hh:mm:ss such as 00:10:00.");
        return null;
    }
}
