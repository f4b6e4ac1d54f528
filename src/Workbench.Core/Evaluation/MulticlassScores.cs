namespace Workbench.Evaluation;

/// <summary>What <see cref="MulticlassMetrics"/> computes; null where the rows do not define it.</summary>
public sealed record MulticlassScores
{
    /// <summary>Rows seen.</summary>
    public required long Rows { get; init; }
    /// <summary>Confusion matrix, with accuracy, precision, recall and F1 of classes and averages, and Matthews' correlation.</summary>
    public required ConfusionCounts Counts { get; init; }
    /// <summary>Share of rows whose label is among the k most probable classes.</summary>
    public required double? TopKAccuracy { get; init; }
    /// <summary>Mean over the classes of the area under the ROC curve against all others; null when a class has no row, or the areas were not asked for.</summary>
    public required double? RocAuc { get; init; }
    /// <summary>Mean of -ln p(label).</summary>
    public required double? LogLoss { get; init; }
    /// <summary>Mean of the summed squares of (probability - [class is the label]): 0 to 2.</summary>
    public required double? Brier { get; init; }
    /// <summary>Mean distance of the predicted class's probability and the share of right rows, over 15 bins (Guo et al. 2017).</summary>
    public required double? CalibrationError { get; init; }
}
