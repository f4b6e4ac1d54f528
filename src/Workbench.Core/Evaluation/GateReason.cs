using System.Text.Json.Serialization;

namespace Workbench.Evaluation;

/// <summary>Why the gate said what it said.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GateReason>))]
public enum GateReason
{
    /// <summary>There is no champion to compare with: the first version passes.</summary>
    NoChampion,
    /// <summary>The interval of the difference lies above the required improvement.</summary>
    Better,
    /// <summary>The candidate is the champion, or has its weights to the byte: comparing a model with itself proves nothing.</summary>
    IdenticalModel,
    /// <summary>Too few labelled rows to tell a difference.</summary>
    TooFewRows,
    /// <summary>The interval of the difference reaches down to the required improvement or below.</summary>
    NotBetter,
    /// <summary>The rows do not define the metric, such as an area under the curve with one class.</summary>
    Undefined,
    /// <summary>A metric misses its threshold.</summary>
    ThresholdMissed,
    /// <summary>A slice is worse than with the champion, beyond chance and tolerance.</summary>
    SliceFell,
    /// <summary>An answer takes longer than allowed.</summary>
    TooSlow,
    /// <summary>The model's file is larger than allowed.</summary>
    TooLarge,
}
