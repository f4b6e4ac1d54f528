using System.Text.Json.Serialization;

namespace Workbench.Drift.Chunks;

/// <summary>Where a threshold comes from.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DriftThresholdKind>))]
public enum DriftThresholdKind
{
    /// <summary>The test has it.</summary>
    Test,
    /// <summary>Fixed limits.</summary>
    Constant,
    /// <summary>Mean and standard deviation of the reference's chunks.</summary>
    StandardDeviation,
    /// <summary>Quantiles of the reference's chunks.</summary>
    Quantile,
}
