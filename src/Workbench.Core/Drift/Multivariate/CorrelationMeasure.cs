using System.Text.Json.Serialization;

namespace Workbench.Drift.Multivariate;

/// <summary>How the dependence of two columns is measured.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CorrelationMeasure>))]
public enum CorrelationMeasure
{
    /// <summary>Pearson's linear correlation, in [-1, 1], over all rows.</summary>
    Pearson,
    /// <summary>Spearman's rank correlation, in [-1, 1], over a sample.</summary>
    Spearman,
    /// <summary>Cramér's V of two categorical columns, in [0, 1], over a sample, without its bias (Bergsma 2013, J. Korean Stat. Soc. 42, 323-328).</summary>
    CramersV,
}
