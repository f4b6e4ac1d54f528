using System.Text.Json.Serialization;

namespace Workbench.Drift;

/// <summary>What a column is to the model.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ColumnRole>))]
public enum ColumnRole
{
    /// <summary>An input.</summary>
    Feature,
    /// <summary>What is to be predicted: label or value.</summary>
    Target,
    /// <summary>What the model says: a score, a label or a value.</summary>
    Prediction,
}
