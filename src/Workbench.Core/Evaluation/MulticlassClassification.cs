using Workbench.Data;
using Workbench.Features;

namespace Workbench.Evaluation;

/// <summary>Judges probabilities of several classes against labels.</summary>
/// <example><code>
/// var report = MulticlassClassification.Evaluate(probabilities, labels, ["low", "middle", "high"]);
/// Console.WriteLine(report.MacroF1);
/// </code></example>
public static class MulticlassClassification
{
    private static readonly string[] Names =
    [
        "accuracy", "balanced_accuracy", "precision_macro", "recall_macro", "f1_macro", "f1_weighted", "mcc", "roc_auc", "log_loss", "brier", "calibration_error",
    ];

    /// <summary>Computes all metrics; intervals by percentile bootstrap over rows (Efron 1979).</summary>
    /// <param name="probabilities">Row-major [N × C] in [0, 1]; each row sums to 1.</param>
    /// <param name="labels">[N] class indices from 0 to C - 1.</param>
    /// <param name="classes">[C] names, at least 2.</param>
    /// <param name="bootstrapSamples">Number of resamples, at least 20; default 500.</param>
    /// <param name="seed">Of the resampling.</param>
    /// <exception cref="ArgumentException">The arrays do not fit, or an argument is out of range.</exception>
    /// <exception cref="DataException">There are no rows, or a probability or label is none.</exception>
    public static MulticlassReport Evaluate(float[] probabilities, float[] labels, IReadOnlyList<string> classes, int bootstrapSamples = 500, int seed = 0)
    {
        var predictions = Predictions.Multiclass(probabilities, labels, classes.Count);
        var metrics = Names.Select(name => Metrics.Find(name, PredictionTask.Multiclass)).ToList();
        var estimates = MetricIntervals.Estimate(metrics, predictions, bootstrapSamples, seed);
        var counts = new ConfusionCounts(classes.Count);
        for (int row = 0; row < predictions.Rows; row++)
            counts.Add((int)predictions.Labels[row], predictions.Predicted(row), 1);
        return new()
        {
            Rows = predictions.Rows,
            Accuracy = estimates[0]!, // these four are defined on any rows
            BalancedAccuracy = estimates[1], MacroPrecision = estimates[2], MacroRecall = estimates[3], MacroF1 = estimates[4], WeightedF1 = estimates[5],
            MatthewsCorrelation = estimates[6], RocAuc = estimates[7],
            LogLoss = estimates[8]!, Brier = estimates[9]!, CalibrationError = estimates[10]!,
            Classes = [.. classes.Select((name, c) => new ClassReport(name, Enumerable.Range(0, classes.Count).Sum(p => (long)counts[c, p]), counts.Precision(c), counts.Recall(c), counts.F1(c)))],
            ConfusionMatrix = [.. classes.Select((_, c) => (IReadOnlyList<long>)[.. classes.Select((_, p) => (long)counts[c, p])])],
        };
    }
}
