using System.Text.Json.Serialization;

namespace Workbench.Evaluation.Estimation;

/// <summary>In what the elements of a confusion matrix are given.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ConfusionScale>))]
public enum ConfusionScale
{
    /// <summary>Rows.</summary>
    Count,
    /// <summary>Part of all rows.</summary>
    Share,
    /// <summary>Part of the rows with that label.</summary>
    ShareOfLabel,
    /// <summary>Part of the rows predicted as that class.</summary>
    ShareOfPredicted,
}
