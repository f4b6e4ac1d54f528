using Workbench.Data;

namespace Workbench.Evaluation;

/// <summary>Judges probabilities of class 1 against labels.</summary>
/// <example><code>
/// var report = BinaryClassification.Evaluate(probabilities, holdout.Labels);
/// Console.WriteLine($"{report.Accuracy.Value:0.000} [{report.Accuracy.Lower:0.000}, {report.Accuracy.Upper:0.000}]");
/// </code></example>
public static class BinaryClassification
{
    /// <summary>Computes all metrics; intervals by percentile bootstrap over rows (Efron 1979).</summary>
    /// <param name="probabilities">[N] probabilities of class 1, in [0, 1].</param>
    /// <param name="labels">[N] of 0 or 1.</param>
    /// <param name="threshold">Predicted 1 from here on, in [0, 1]; default 0.5.</param>
    /// <param name="bootstrapSamples">Number of resamples, at least 20; default 500.</param>
    /// <param name="seed">Of the resampling; the same seed gives the same intervals.</param>
    /// <exception cref="ArgumentException">The arrays differ in length, or an argument is out of range.</exception>
    /// <exception cref="DataException">There are no rows, or a probability or label is none.</exception>
    public static BinaryClassificationReport Evaluate(float[] probabilities, float[] labels, double threshold = 0.5, int bootstrapSamples = 500, int seed = 0)
    {
        Scores.Check(probabilities, labels);
        Scores.CheckSettings(threshold, bootstrapSamples);
        var ranked = new RankedRows(probabilities, labels, threshold);
        var counts = ranked.Count(Bootstrap.Once(ranked.Rows));
        var resamples = Bootstrap.RowCounts(ranked.Rows, bootstrapSamples, seed).Select(ranked.Count).ToList();
        return new()
        {
            Rows = ranked.Rows,
            Positives = (int)counts.Positives,
            Threshold = threshold,
            Accuracy = Estimate(counts => counts.Accuracy)!, // defined for any rows
            Precision = Estimate(counts => counts.Precision),
            Recall = Estimate(counts => counts.Recall),
            F1 = Estimate(counts => counts.F1),
            RocAuc = Estimate(counts => counts.RocAuc),
            AveragePrecision = Estimate(counts => counts.AveragePrecision),
            BalancedAccuracy = Estimate(counts => counts.BalancedAccuracy),
            MatthewsCorrelation = Estimate(counts => counts.MatthewsCorrelation),
            CalibrationError = new CalibrationStatistic(Predictions.Binary(probabilities, labels, threshold)).Of(Bootstrap.Once(ranked.Rows)),
            LogLoss = Scores.LogLoss(probabilities, labels),
            Brier = Scores.Brier(probabilities, labels),
            ConfusionMatrix = new((int)counts.TruePositives, (int)counts.FalsePositives, (int)counts.TrueNegatives, (int)counts.FalseNegatives),
        };

        MetricEstimate? Estimate(Func<ClassCounts, double?> metric) =>
            metric(counts) is { } value ? MetricIntervals.Interval(value, resamples.Select(metric).OfType<double>()) : null;
    }
}
