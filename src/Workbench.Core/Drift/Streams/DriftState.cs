using System.Text.Json.Serialization;

namespace Workbench.Drift.Streams;

/// <summary>What a detector says after a value.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DriftState>))]
public enum DriftState
{
    /// <summary>The stream is as it was.</summary>
    None,
    /// <summary>The stream may be changing; ADWIN, Page-Hinkley and KSWIN never say this.</summary>
    Warning,
    /// <summary>The stream changed. The detector forgets the old stream when the next value comes.</summary>
    Drift,
}
