using Workbench.Data;
using Workbench.Drift.Quality.Scanning;

namespace Workbench.Drift.Quality;

/// <summary>How old the newest row is.</summary>
internal static class FreshnessFindings
{
    // Clocks and time zones differ by less than a day.
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(1);

    public static IEnumerable<DataQualityFinding> Of(TableProfile found, DataQualityOptions options)
    {
        if (options.Time is not { } name || found.Find(name) is not { } column || column.Present == 0)
            return [];
        if (column.Kind != ValueKind.Time)
            throw new DataException($"Column '{name}' is {column.Type}, which is no time; freshness needs a DATE or TIMESTAMP. Cast it, or name another column.") { Column = name };
        if (column.Greatest is not { } newest)
            return [];
        var age = options.Clock.GetUtcNow().UtcDateTime - DateTime.UnixEpoch.AddTicks((long)(newest * 10));
        bool isAhead = age < -Ahead, isOld = options.MaxAge is { } most && age > most;
        return isAhead || isOld
            ? [new()
            {
                Severity = isOld ? QualitySeverity.Error : QualitySeverity.Warning, Column = name, Check = QualityCheck.Freshness, Value = QualityText.Time(newest),
                Allowed = isOld ? $"at most {QualityText.Age(options.MaxAge!.Value)} old" : "no later than now", // isOld asked for it
                What = $"The newest '{name}' is {QualityText.Time(newest)}, {QualityText.Age(age.Duration())} {(isAhead ? "in the future" : "old")}.",
                Advice = isOld ? "Ask the source why nothing newer came." : "Look at the time zone, and at rows that were entered ahead.",
            }]
            : [];
    }
}
