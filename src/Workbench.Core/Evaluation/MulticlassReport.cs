namespace Workbench.Evaluation;

/// <summary>
/// How well probabilities of several classes fit labels, beside <see cref="BinaryClassificationReport"/>. A metric that the
/// rows do not define is null, never NaN.
/// </summary>
public sealed record MulticlassReport
{
    /// <summary>Number of rows.</summary>
    public required int Rows { get; init; }
    /// <summary>Share of rows whose most probable class is the label.</summary>
    public required MetricEstimate Accuracy { get; init; }
    /// <summary>Mean recall of the classes that occur.</summary>
    public required MetricEstimate? BalancedAccuracy { get; init; }
    /// <summary>Mean precision of the classes; one that was never predicted counts as 0.</summary>
    public required MetricEstimate? MacroPrecision { get; init; }
    /// <summary>Mean recall of the classes; one that was predicted and never occurs counts as 0.</summary>
    public required MetricEstimate? MacroRecall { get; init; }
    /// <summary>Mean F1 of the classes.</summary>
    public required MetricEstimate? MacroF1 { get; init; }
    /// <summary>Mean F1 of the classes, each weighing as its rows do.</summary>
    public required MetricEstimate? WeightedF1 { get; init; }
    /// <summary>Correlation of predictions and labels, -1 to 1 (Gorodkin 2004).</summary>
    public required MetricEstimate? MatthewsCorrelation { get; init; }
    /// <summary>Mean area under the ROC curves of one class against all others; null when a class has no row.</summary>
    public required MetricEstimate? RocAuc { get; init; }
    /// <summary>Mean of -ln p(label).</summary>
    public required MetricEstimate LogLoss { get; init; }
    /// <summary>Mean of the summed squares of (probability - [class is the label]): 0 to 2.</summary>
    public required MetricEstimate Brier { get; init; }
    /// <summary>Mean distance of the predicted class's probability and the share of right rows, over 15 bins.</summary>
    public required MetricEstimate CalibrationError { get; init; }
    /// <summary>One entry a class, in the order of the probabilities.</summary>
    public required IReadOnlyList<ClassReport> Classes { get; init; }
    /// <summary>[C][C] rows of a label: predicted as each class.</summary>
    public required IReadOnlyList<IReadOnlyList<long>> ConfusionMatrix { get; init; }
}
