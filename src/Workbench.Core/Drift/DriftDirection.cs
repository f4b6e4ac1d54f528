using System.Text.Json.Serialization;

namespace Workbench.Drift;

/// <summary>On which side of its threshold a test sees drift.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DriftDirection>))]
public enum DriftDirection
{
    /// <summary>Drift when the statistic is at or above the threshold.</summary>
    StatisticAtOrAbove,
    /// <summary>Drift when the adjusted p-value is at or below the threshold.</summary>
    PValueAtOrBelow,
    /// <summary>Drift when the statistic is above the threshold.</summary>
    StatisticAbove,
    /// <summary>Drift when the adjusted p-value is below the threshold.</summary>
    PValueBelow,
}
