namespace Workbench.Evaluation;

/// <summary>
/// How well probabilities of class 1 fit labels. A metric that the rows do not define is null, never NaN, so that the
/// report can be written as JSON.
/// </summary>
public sealed record BinaryClassificationReport
{
    /// <summary>Number of rows.</summary>
    public required int Rows { get; init; }
    /// <summary>Rows labelled 1.</summary>
    public required int Positives { get; init; }
    /// <summary>A row is predicted 1 when its probability is at least this.</summary>
    public required double Threshold { get; init; }
    /// <summary>(TP + TN) / rows.</summary>
    public required MetricEstimate Accuracy { get; init; }
    /// <summary>TP / (TP + FP); null when no row was predicted 1.</summary>
    public required MetricEstimate? Precision { get; init; }
    /// <summary>TP / (TP + FN); null when no row is labelled 1.</summary>
    public required MetricEstimate? Recall { get; init; }
    /// <summary>2 TP / (2 TP + FP + FN); null when no row is predicted or labelled 1.</summary>
    public required MetricEstimate? F1 { get; init; }
    /// <summary>Probability that a row labelled 1 ranks above one labelled 0, ties counting half (Mann and Whitney 1947); null when only one class occurs.</summary>
    public required MetricEstimate? RocAuc { get; init; }
    /// <summary>Mean over the rows labelled 1 of the precision at the row's own probability (scikit-learn's average precision, the area under the precision-recall steps); null when no row is labelled 1.</summary>
    public MetricEstimate? AveragePrecision { get; init; }
    /// <summary>Mean of the shares of right rows of both classes; of the one that occurs, where only one does.</summary>
    public MetricEstimate? BalancedAccuracy { get; init; }
    /// <summary>Correlation of prediction and label, -1 to 1 (Matthews 1975); 0 when all rows have one label or one prediction.</summary>
    public MetricEstimate? MatthewsCorrelation { get; init; }
    /// <summary>Mean distance of the promised and the observed share of class 1 over 15 bins of equal width (Naeini et al. 2015): 0 is best.</summary>
    public double? CalibrationError { get; init; }
    /// <summary>Mean of -ln p(label), natural logarithm; probabilities are kept 2.2E-16 away from 0 and 1, as scikit-learn does.</summary>
    public required double LogLoss { get; init; }
    /// <summary>Mean of (probability - label)² (Brier 1950): 0 is best, 0.25 is what always saying 0.5 gets.</summary>
    public required double Brier { get; init; }
    /// <summary>Counts at the threshold.</summary>
    public required ConfusionMatrix ConfusionMatrix { get; init; }
}
