using System.Text.Json.Serialization;

namespace Workbench.Drift.Chunks;

/// <summary>What comes again and again, in UTC: rows are compared with reference rows of the same seasons only.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Season>))]
public enum Season
{
    /// <summary>Hour of the day, 24 seasons.</summary>
    HourOfDay,
    /// <summary>Monday to Sunday, 7 seasons.</summary>
    Weekday,
    /// <summary>January to December, 12 seasons.</summary>
    Month,
    /// <summary>First to fourth quarter, 4 seasons.</summary>
    Quarter,
}
