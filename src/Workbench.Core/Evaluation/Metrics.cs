using System.Globalization;
using Workbench.Data;
using Workbench.Features;

namespace Workbench.Evaluation;

/// <summary>
/// The metrics by name. Their values are those of scikit-learn where it has them; what scikit-learn refuses or only warns
/// of (an area under the curve with one class, a precision without a predicted row) is null.
/// </summary>
public static class Metrics
{
    /// <summary>What decides when nobody chose: accuracy, or root mean squared error.</summary>
    public static Metric Default(PredictionTask task) => Find(task == PredictionTask.Regression ? "rmse" : "accuracy", task);

    /// <summary>Names of the metrics of a task.</summary>
    public static IReadOnlyList<string> Names(PredictionTask task) => [.. Of(task).Select(metric => metric.Name)];

    /// <summary>The metrics of a task.</summary>
    public static IReadOnlyList<Metric> Of(PredictionTask task) => [.. All.Where(metric => metric.Task == task)];

    /// <summary>
    /// A metric by its name: one of <see cref="Names"/>, <c>top_K_accuracy</c> such as top_3_accuracy for several classes, or
    /// <c>pinball_Q</c> such as pinball_0.9 for a predicted quantile.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such metric; lists those that there are.</exception>
    public static Metric Find(string name, PredictionTask task)
    {
        if (All.Find(metric => metric.Task == task && metric.Name == name) is { } known)
            return known;
        string[] parts = name.Split('_');
        if (task == PredictionTask.Multiclass && parts is ["top", var k, "accuracy"] && int.TryParse(k, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0)
            return TopK(count);
        if (task == PredictionTask.Regression && parts is ["pinball", var q] && double.TryParse(q, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double quantile) && quantile is > 0 and < 1)
            return Pinball(quantile);
        string more = task switch { PredictionTask.Multiclass => ", top_K_accuracy", PredictionTask.Regression => ", pinball_Q (0 < Q < 1)", _ => "" };
        throw new ArgumentException($"Unknown metric '{name}' for {task} predictions.{Suggestion.DidYouMean(name, Names(task))} Known: {string.Join(", ", Names(task))}{more}.", nameof(name));
    }

    /// <summary>Share of rows whose label is among the k most probable classes.</summary>
    public static Metric TopK(int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        return PerRow(string.Create(CultureInfo.InvariantCulture, $"top_{k}_accuracy"), PredictionTask.Multiclass, MetricDirection.HigherIsBetter,
            (rows, row) => RowValues.TopK(rows.Row(row), (int)rows.Labels[row], k));
    }

    /// <summary>Mean pinball loss of a predicted quantile.</summary>
    /// <param name="quantile">In (0, 1).</param>
    public static Metric Pinball(double quantile)
    {
        if (!(quantile > 0 && quantile < 1))
            throw new ArgumentOutOfRangeException(nameof(quantile), quantile, "A quantile lies between 0 and 1, both excluded.");
        return PerRow(string.Create(CultureInfo.InvariantCulture, $"pinball_{quantile}"), PredictionTask.Regression, MetricDirection.LowerIsBetter,
            (rows, row) => RowValues.Pinball(rows.Scores[row], rows.Labels[row], quantile));
    }

    private static readonly List<Metric> All =
    [
        PerRow("accuracy", PredictionTask.Binary, MetricDirection.HigherIsBetter, Hit),
        Counted("balanced_accuracy", counts => counts.BalancedAccuracy),
        Counted("precision", counts => counts.Precision),
        Counted("recall", counts => counts.Recall),
        Counted("f1", counts => counts.F1),
        Counted("mcc", counts => counts.MatthewsCorrelation),
        Counted("roc_auc", counts => counts.RocAuc),
        Counted("average_precision", counts => counts.AveragePrecision),
        PerRow("log_loss", PredictionTask.Binary, MetricDirection.LowerIsBetter, (rows, row) => RowValues.LogLoss(rows.Scores[row], rows.Labels[row] == 1)),
        PerRow("brier", PredictionTask.Binary, MetricDirection.LowerIsBetter, (rows, row) => RowValues.Square(rows.Scores[row] - rows.Labels[row])),
        new("calibration_error", PredictionTask.Binary, MetricDirection.LowerIsBetter, rows => new CalibrationStatistic(rows)),

        PerRow("accuracy", PredictionTask.Multiclass, MetricDirection.HigherIsBetter, Hit),
        Confused("balanced_accuracy", counts => counts.BalancedAccuracy),
        Confused("precision_macro", counts => counts.Precision(Averaging.Macro)),
        Confused("precision_weighted", counts => counts.Precision(Averaging.Weighted)),
        Confused("recall_macro", counts => counts.Recall(Averaging.Macro)),
        Confused("recall_weighted", counts => counts.Recall(Averaging.Weighted)),
        Confused("f1_macro", counts => counts.F1(Averaging.Macro)),
        Confused("f1_micro", counts => counts.F1(Averaging.Micro)),
        Confused("f1_weighted", counts => counts.F1(Averaging.Weighted)),
        Confused("mcc", counts => counts.MatthewsCorrelation),
        new("roc_auc", PredictionTask.Multiclass, MetricDirection.HigherIsBetter, rows => new OneVersusRestStatistic(rows)),
        PerRow("log_loss", PredictionTask.Multiclass, MetricDirection.LowerIsBetter, (rows, row) => RowValues.LogLoss(rows.Row(row), (int)rows.Labels[row])),
        PerRow("brier", PredictionTask.Multiclass, MetricDirection.LowerIsBetter, (rows, row) => RowValues.Brier(rows.Row(row), (int)rows.Labels[row])),
        new("calibration_error", PredictionTask.Multiclass, MetricDirection.LowerIsBetter, rows => new CalibrationStatistic(rows)),

        PerRow("mae", PredictionTask.Regression, MetricDirection.LowerIsBetter, (rows, row) => Math.Abs(rows.Scores[row] - rows.Labels[row])),
        PerRow("rmse", PredictionTask.Regression, MetricDirection.LowerIsBetter, (rows, row) => RowValues.Square(rows.Scores[row] - rows.Labels[row]), Math.Sqrt),
        new("r2", PredictionTask.Regression, MetricDirection.HigherIsBetter, rows => new DeterminationStatistic(rows.Scores, rows.Labels)),
        PerRow("mape", PredictionTask.Regression, MetricDirection.LowerIsBetter, (rows, row) => RowValues.PercentageError(rows.Scores[row], rows.Labels[row])),
        PerRow("smape", PredictionTask.Regression, MetricDirection.LowerIsBetter, (rows, row) => RowValues.SymmetricPercentageError(rows.Scores[row], rows.Labels[row])),
    ];

    private static double Hit(Predictions rows, int row) => rows.Predicted(row) == (int)rows.Labels[row] ? 1 : 0;

    private static Metric PerRow(string name, PredictionTask task, MetricDirection direction, Func<Predictions, int, double> value, Func<double, double>? of = null) =>
        new(name, task, direction, rows => new MeanStatistic([.. Enumerable.Range(0, rows.Rows).Select(row => value(rows, row))], of));

    private static Metric Counted(string name, Func<ClassCounts, double?> metric) => new(name, PredictionTask.Binary, MetricDirection.HigherIsBetter,
        rows => new ClassCountsStatistic(new RankedRows(rows.Scores, Array.ConvertAll(rows.Labels, label => label == 1), rows.Threshold), metric));

    private static Metric Confused(string name, Func<ConfusionCounts, double?> metric) =>
        new(name, PredictionTask.Multiclass, MetricDirection.HigherIsBetter, rows => new ConfusionStatistic(rows, metric));
}
