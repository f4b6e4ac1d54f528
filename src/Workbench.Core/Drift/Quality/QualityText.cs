using System.Globalization;

namespace Workbench.Drift.Quality;

/// <summary>Values as a reader of a report sees them.</summary>
internal static class QualityText
{
    private const int LongestValue = 40;

    public static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    public static string Rows(long rows) => rows.ToString("N0", CultureInfo.InvariantCulture) + (rows == 1 ? " row" : " rows");

    /// <summary>As a percentage; a share that is not 0 is never shown as 0, and one that is not whole never as 100.</summary>
    public static string Share(double share) => share switch
    {
        > 0 and < 0.0005 => "<0.1 %",
        > 0.9995 and < 1 => ">99.9 %",
        _ => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.#} %"),
    };

    /// <summary>ISO 8601 of microseconds since 1970, a date alone where the time of day is midnight.</summary>
    public static string Time(double microseconds)
    {
        // Years beyond those of .NET are years that DuckDB knows all the same.
        if (!(Math.Abs(microseconds) < 62e15))
            return string.Create(CultureInfo.InvariantCulture, $"{microseconds / 31_556_952e6 + 1970:F0} (year)");
        var time = DateTime.UnixEpoch.AddTicks((long)microseconds * 10);
        return time.ToString(time.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
    }

    /// <summary>A length of time in its largest fitting unit.</summary>
    public static string Age(TimeSpan age) => age switch
    {
        { TotalDays: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{age.TotalDays:0.#} days"),
        { TotalHours: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{age.TotalHours:0.#} hours"),
        { TotalMinutes: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{age.TotalMinutes:0.#} minutes"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{age.TotalSeconds:0.#} seconds"),
    };

    /// <summary>A value in quotes, cut where it is long.</summary>
    public static string Quote(string value) => $"'{(value.Length > LongestValue ? value[..LongestValue] + "…" : value)}'";

    /// <summary>The first values, and how many more there are.</summary>
    public static string List(IReadOnlyList<string> values, int most = 5) =>
        string.Join(", ", values.Take(most).Select(Quote)) + (values.Count > most ? string.Create(CultureInfo.InvariantCulture, $" and {values.Count - most:N0} more") : "");
}
