using Workbench.Data;
using Workbench.Evaluation;
using Workbench.Features;
using Workbench.Serving.Comparison;
using Workbench.Training;
using Workbench.Training.Tuning;

namespace Workbench.Host.Activities.Tuning;

/// <summary>What a tabular model can be tuned for, measured on the validation rows; the holdout stays unseen.</summary>
internal static class TableMetrics
{
    /// <summary>What trials report after each epoch.</summary>
    public const string Reported = "validation_loss";

    /// <summary>What is searched for when nobody chose.</summary>
    public static string DefaultOf(PredictionTask task) => task == PredictionTask.Binary ? "roc_auc" : Metrics.Default(task).Name;

    /// <summary>The metrics of a task, and the loss.</summary>
    public static IReadOnlyCollection<string> NamesOf(PredictionTask task) => [.. Metrics.Names(task), Reported];

    /// <exception cref="TuningException">There is no such metric of the task; names the nearest.</exception>
    public static StudyDirection DirectionOf(string metric, PredictionTask task)
    {
        if (metric == Reported)
            return StudyDirection.Minimise;
        try
        {
            return Metrics.Find(metric, task).Direction == MetricDirection.HigherIsBetter ? StudyDirection.Maximise : StudyDirection.Minimise;
        }
        catch (ArgumentException)
        {
            var names = NamesOf(task);
            throw new TuningException($"Unknown metric '{metric}'.{Suggestion.DidYouMean(metric, names)} Known for {task} labels: {string.Join(", ", names)}.");
        }
    }

    /// <summary>Every metric of the task that the rows define, and the one that is searched for, by name.</summary>
    public static IReadOnlyDictionary<string, double> Measure(TrainedTabularModel model, TabularData validation, string wanted)
    {
        var predictions = ModelPredictions.Of(model, validation);
        var values = new Dictionary<string, double> { [Reported] = model.History[model.BestEpoch - 1].ValidationLoss };
        foreach (string name in Metrics.Names(model.Task).Append(wanted).Distinct().Where(name => name != Reported))
            if (Metrics.Find(name, model.Task).Compute(predictions) is { } value)
                values[name] = value;
        return values;
    }
}
