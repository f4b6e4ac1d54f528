namespace Workbench.Evaluation;

/// <summary>What <see cref="RegressionMetrics"/> computes; null where the rows do not define it.</summary>
public sealed record RegressionScores
{
    /// <summary>Rows seen.</summary>
    public required long Rows { get; init; }
    /// <summary>Mean absolute error, in the label's unit.</summary>
    public required double? Mae { get; init; }
    /// <summary>Root of the mean squared error, in the label's unit.</summary>
    public required double? Rmse { get; init; }
    /// <summary>1 - squared errors / squared distances of the labels from their mean; 1 is best, 0 is what the mean gets; null with fewer than two rows.</summary>
    public required double? R2 { get; init; }
    /// <summary>Mean of |error| / |label|, as a share; a label of 0 makes it huge.</summary>
    public required double? Mape { get; init; }
    /// <summary>Mean of 2 |error| / (|label| + |predicted|), 0 to 2.</summary>
    public required double? Smape { get; init; }
    /// <summary>Mean pinball loss of the predictions taken as the quantile that was asked for.</summary>
    public required double? Pinball { get; init; }
    /// <summary>Share of rows whose label lies in its predicted interval, bounds included; null when no intervals were given.</summary>
    public required double? Coverage { get; init; }
    /// <summary>Mean width of the predicted intervals, in the label's unit.</summary>
    public required double? IntervalWidth { get; init; }
}
