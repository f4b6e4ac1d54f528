using System.Globalization;
using Workbench.Evaluation;
using Workbench.Features;
using Workbench.Training;

namespace Workbench.Host.Activities;

/// <summary>What a trained model is measured at on its holdout, by the names under which a version keeps them.</summary>
internal static class TrainingMetrics
{
    /// <summary>The metrics that the rows define, and the first of them in words.</summary>
    public static (IReadOnlyDictionary<string, double> Metrics, string Words) Measure(TrainedTabularModel model, TabularData holdout)
    {
        var rows = holdout.WithLabelsOf(model.Schema);
        return model.Task switch
        {
            PredictionTask.Binary => Binary(BinaryClassification.Evaluate(model.Predict(rows), rows.Labels)),
            PredictionTask.Multiclass => Multiclass(MulticlassClassification.Evaluate(model.PredictProbabilities(rows), rows.Labels, model.Classes)),
            _ => Numbers(Regression.Evaluate(model.Predict(rows), rows.Labels)),
        };
    }

    private static (IReadOnlyDictionary<string, double>, string) Binary(BinaryClassificationReport report) => (Defined(
        ("accuracy", report.Accuracy.Value), ("accuracy_lower", report.Accuracy.Lower), ("accuracy_upper", report.Accuracy.Upper), ("precision", report.Precision?.Value),
        ("recall", report.Recall?.Value), ("f1", report.F1?.Value), ("roc_auc", report.RocAuc?.Value), ("log_loss", report.LogLoss), ("brier", report.Brier)),
        string.Create(CultureInfo.InvariantCulture, $"accuracy {report.Accuracy.Value:F4} [{report.Accuracy.Lower:F4}, {report.Accuracy.Upper:F4}]"));

    private static (IReadOnlyDictionary<string, double>, string) Multiclass(MulticlassReport report) => (Defined(
        ("accuracy", report.Accuracy.Value), ("accuracy_lower", report.Accuracy.Lower), ("accuracy_upper", report.Accuracy.Upper), ("balanced_accuracy", report.BalancedAccuracy?.Value),
        ("f1_macro", report.MacroF1?.Value), ("mcc", report.MatthewsCorrelation?.Value), ("roc_auc", report.RocAuc?.Value), ("log_loss", report.LogLoss.Value), ("brier", report.Brier.Value)),
        string.Create(CultureInfo.InvariantCulture, $"accuracy {report.Accuracy.Value:F4} [{report.Accuracy.Lower:F4}, {report.Accuracy.Upper:F4}] among {report.Classes.Count} classes"));

    private static (IReadOnlyDictionary<string, double>, string) Numbers(RegressionReport report) => (Defined(
        ("rmse", report.Rmse.Value), ("rmse_lower", report.Rmse.Lower), ("rmse_upper", report.Rmse.Upper), ("mae", report.Mae.Value), ("r2", report.R2?.Value), ("mean_error", report.MeanError)),
        string.Create(CultureInfo.InvariantCulture, $"root mean squared error {report.Rmse.Value:G5} [{report.Rmse.Lower:G5}, {report.Rmse.Upper:G5}]"));

    // A metric that the rows do not define is left out.
    private static Dictionary<string, double> Defined(params (string Name, double? Value)[] metrics) =>
        metrics.Where(metric => metric.Value is not null).ToDictionary(metric => metric.Name, metric => metric.Value!.Value);
}
