namespace Workbench.Evaluation;

/// <summary>How well predicted numbers fit labels, beside <see cref="BinaryClassificationReport"/>; null where the rows do not define it.</summary>
public sealed record RegressionReport
{
    /// <summary>Number of rows.</summary>
    public required int Rows { get; init; }
    /// <summary>Mean absolute error, in the label's unit.</summary>
    public required MetricEstimate Mae { get; init; }
    /// <summary>Root of the mean squared error, in the label's unit.</summary>
    public required MetricEstimate Rmse { get; init; }
    /// <summary>Share of the labels' variance that is explained; null with one row.</summary>
    public required MetricEstimate? R2 { get; init; }
    /// <summary>Mean of |error| / |label|, as a share; a label of 0 makes it huge.</summary>
    public required MetricEstimate Mape { get; init; }
    /// <summary>Mean of 2 |error| / (|label| + |predicted|), 0 to 2.</summary>
    public required MetricEstimate Smape { get; init; }
    /// <summary>Mean of prediction - label: above 0, the model predicts too much.</summary>
    public required double MeanError { get; init; }
}
