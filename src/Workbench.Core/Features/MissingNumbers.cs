using System.Text.Json.Serialization;

namespace Workbench.Features;

/// <summary>What stands for a number that is missing: a statistic of the values that training saw in its column.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MissingNumbers>))]
public enum MissingNumbers
{
    /// <summary>Their mean.</summary>
    Mean,
    /// <summary>Their median, which outliers do not move.</summary>
    Median,
}
