using System.Text.Json.Serialization;

namespace Workbench.Drift;

/// <summary>Which tests, thresholds and rules stand where the options say nothing. docs/drift.md lists every difference.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DriftPreset>))]
public enum DriftPreset
{
    /// <summary>The size of a difference decides, a p-value that is adjusted for the number of columns confirms.</summary>
    Workbench,
    /// <summary>The numbers and verdicts of Evidently 0.7.21, its traps included.</summary>
    EvidentlyCompatible,
    /// <summary>The numbers of NannyML 0.13.1. Its thresholds come from chunks of the reference; without chunks they are 0.1.</summary>
    NannyMlCompatible,
}
