using System.Text.Json.Serialization;

namespace Workbench.Evaluation;

/// <summary>Which way a metric is better.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MetricDirection>))]
public enum MetricDirection
{
    /// <summary>More is better, as of accuracy.</summary>
    HigherIsBetter,
    /// <summary>Less is better, as of log loss.</summary>
    LowerIsBetter,
}
