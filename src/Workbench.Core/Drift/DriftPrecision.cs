using System.Text.Json.Serialization;

namespace Workbench.Drift;

/// <summary>How exactly numeric columns of more than 100,000 rows are measured; smaller ones are always measured exactly.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DriftPrecision>))]
public enum DriftPrecision
{
    /// <summary>
    /// Every verdict is that of all rows: one scan into sketches, and a second one of those values alone on which a verdict
    /// hangs. Statistics far from their threshold come with bounds. Memory does not grow with the rows.
    /// </summary>
    Decide,
    /// <summary>One scan into sketches. Statistics come with bounds, or as estimates; a verdict is that of the statistic.</summary>
    Sketch,
    /// <summary>Every statistic is that of all rows. A column at a time is held in memory.</summary>
    Exact,
}
