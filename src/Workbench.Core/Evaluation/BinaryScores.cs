namespace Workbench.Evaluation;

/// <summary>What <see cref="BinaryMetrics"/> computes; null where the rows do not define it. The formulas are those of <see cref="BinaryClassificationReport"/>.</summary>
public sealed record BinaryScores
{
    /// <summary>Rows seen.</summary>
    public required long Rows { get; init; }
    /// <summary>Share of right rows.</summary>
    public required double? Accuracy { get; init; }
    /// <summary>Mean recall of the classes that occur.</summary>
    public required double? BalancedAccuracy { get; init; }
    /// <summary>TP / (TP + FP).</summary>
    public required double? Precision { get; init; }
    /// <summary>TP / (TP + FN).</summary>
    public required double? Recall { get; init; }
    /// <summary>2 TP / (2 TP + FP + FN).</summary>
    public required double? F1 { get; init; }
    /// <summary>Correlation of prediction and label, -1 to 1.</summary>
    public required double? MatthewsCorrelation { get; init; }
    /// <summary>Area under the ROC curve, ties counting half.</summary>
    public required double? RocAuc { get; init; }
    /// <summary>Area under the precision-recall steps.</summary>
    public required double? AveragePrecision { get; init; }
    /// <summary>Mean of -ln p(label).</summary>
    public required double? LogLoss { get; init; }
    /// <summary>Mean of (probability - label)².</summary>
    public required double? Brier { get; init; }
    /// <summary>Mean distance of promised and observed share over 15 bins.</summary>
    public required double? CalibrationError { get; init; }
}
