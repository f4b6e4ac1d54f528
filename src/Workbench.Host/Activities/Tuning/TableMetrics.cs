using Workbench.Data;
using Workbench.Evaluation;
using Workbench.Features;
using Workbench.Training;
using Workbench.Training.Tuning;

namespace Workbench.Host.Activities.Tuning;

/// <summary>What a tabular model can be tuned for, measured on the validation rows; the holdout stays unseen.</summary>
internal static class TableMetrics
{
    /// <summary>What trials report after each epoch.</summary>
    public const string Reported = "validation_loss";
    private const int FewestResamples = 20; // the interval is not asked for

    private static readonly Dictionary<string, (StudyDirection Direction, Func<BinaryClassificationReport, double?> Read)> Known = new()
    {
        ["roc_auc"] = (StudyDirection.Maximise, report => report.RocAuc?.Value),
        ["accuracy"] = (StudyDirection.Maximise, report => report.Accuracy.Value),
        ["f1"] = (StudyDirection.Maximise, report => report.F1?.Value),
        ["precision"] = (StudyDirection.Maximise, report => report.Precision?.Value),
        ["recall"] = (StudyDirection.Maximise, report => report.Recall?.Value),
        ["log_loss"] = (StudyDirection.Minimise, report => report.LogLoss),
        ["brier"] = (StudyDirection.Minimise, report => report.Brier),
    };

    public static IReadOnlyCollection<string> Names => [.. Known.Keys, Reported];

    /// <exception cref="TuningException">There is no such metric; names the nearest.</exception>
    public static StudyDirection DirectionOf(string metric) => metric == Reported ? StudyDirection.Minimise
        : Known.TryGetValue(metric, out var known) ? known.Direction
        : throw new TuningException($"Unknown metric '{metric}'.{Suggestion.DidYouMean(metric, Names)} Known: {string.Join(", ", Names)}.");

    /// <summary>Every metric that the rows define, by name.</summary>
    public static IReadOnlyDictionary<string, double> Measure(TrainedTabularModel model, TabularData validation)
    {
        var report = BinaryClassification.Evaluate(model.Predict(validation), validation.Labels, bootstrapSamples: FewestResamples);
        var values = new Dictionary<string, double> { [Reported] = model.History[model.BestEpoch - 1].ValidationLoss };
        foreach (var (name, metric) in Known)
            if (metric.Read(report) is { } value)
                values[name] = value;
        return values;
    }
}
