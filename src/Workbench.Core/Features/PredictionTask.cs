using System.Text.Json.Serialization;

namespace Workbench.Features;

/// <summary>What a model says of a row.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PredictionTask>))]
public enum PredictionTask
{
    /// <summary>One of two classes, 0 and 1: the probability of 1.</summary>
    Binary,
    /// <summary>One of C named classes: a probability each.</summary>
    Multiclass,
    /// <summary>A number.</summary>
    Regression,
}
