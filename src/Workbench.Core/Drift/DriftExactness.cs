using System.Text.Json.Serialization;

namespace Workbench.Drift;

/// <summary>How near a statistic is to the one that all rows would give.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DriftExactness>))]
public enum DriftExactness
{
    /// <summary>It is computed from all rows.</summary>
    Exact,
    /// <summary>It is computed from a sketch of all rows; the exact value lies between known bounds.</summary>
    Bounded,
    /// <summary>It is computed from a sketch or from a sample, and no bounds are known.</summary>
    Estimated,
}
