namespace Workbench.Evaluation.Estimation;

/// <summary>What <see cref="PerformanceEstimator"/> estimates, and when it is alarmed.</summary>
public sealed class EstimationOptions
{
    /// <summary>Names of the metrics, or null for all of the task but the elements of the confusion matrix; <see cref="PerformanceEstimator.Known"/> lists them.</summary>
    public IReadOnlyList<string>? Metrics { get; set; }
    /// <summary>How scores become probabilities. Default isotonic.</summary>
    public CalibrationMethod Calibration { get; set; } = CalibrationMethod.Isotonic;
    /// <summary>Calibrate even where the scores come true as they are. Default false: only where it helps on rows held out.</summary>
    public bool CalibrateAlways { get; set; }
    /// <summary>Chunks of the reference, which set the thresholds. Null: ten of the same size.</summary>
    public IReadOnlyList<EstimationChunk>? ReferenceChunks { get; set; }
    /// <summary>Alarm beyond this many standard deviations of the reference's chunks from their mean. Default 3.</summary>
    public double Deviations { get; set; } = 3;
    /// <summary>Thresholds set by hand, by metric; null on a side means none there.</summary>
    public IReadOnlyDictionary<string, (double? Lower, double? Upper)> Thresholds { get; set; } = new Dictionary<string, (double? Lower, double? Upper)>();
    /// <summary>In what the elements of the confusion matrix are given. Default rows.</summary>
    public ConfusionScale Confusion { get; set; }
    /// <summary>[C, C] what a row of a label (first index) predicted as a class (second index) is worth, costs being negative; null leaves <c>business_value</c> out.</summary>
    public double[,]? BusinessValues { get; set; }
    /// <summary>Give the business value of a row, and not of all rows of a chunk. Default false.</summary>
    public bool BusinessValuePerRow { get; set; }
    /// <summary>Learns the size of a regression's errors; null for <see cref="BoostedErrorRegressor"/>.</summary>
    public Func<IErrorRegressor>? ErrorRegressor { get; set; }
    /// <summary>Of splits and resamples; the same seed gives the same estimates. Default 0.</summary>
    public int Seed { get; set; }

    internal void Check(int classes)
    {
        if (!(Deviations > 0 && double.IsFinite(Deviations)))
            throw new ArgumentOutOfRangeException(nameof(Deviations), Deviations, "The thresholds lie a positive number of standard deviations from the mean, such as 3.");
        if (BusinessValues is { } values && (values.GetLength(0) != classes || values.GetLength(1) != classes))
            throw new ArgumentException($"BusinessValues is [{values.GetLength(0)}, {values.GetLength(1)}]; with {classes} classes it must be [{classes}, {classes}].", nameof(BusinessValues));
        if (BusinessValues is { } all && all.Cast<double>().Any(value => !double.IsFinite(value)))
            throw new ArgumentException("BusinessValues holds a value that is not finite.", nameof(BusinessValues));
    }
}
