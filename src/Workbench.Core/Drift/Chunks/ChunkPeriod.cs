using System.Text.Json.Serialization;

namespace Workbench.Drift.Chunks;

/// <summary>A calendar period in UTC.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ChunkPeriod>))]
public enum ChunkPeriod
{
    /// <summary>From full hour to full hour.</summary>
    Hour,
    /// <summary>From midnight to midnight.</summary>
    Day,
    /// <summary>ISO 8601: from Monday to Sunday.</summary>
    Week,
    /// <summary>A calendar month.</summary>
    Month,
    /// <summary>Three calendar months, the first from January on.</summary>
    Quarter,
    /// <summary>A calendar year.</summary>
    Year,
}
