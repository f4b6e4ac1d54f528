using Workbench.Features;

namespace Workbench.Evaluation;

/// <summary>A named metric of predictions; <see cref="Metrics"/> has them all. Thread-safe.</summary>
/// <example><code>
/// var predictions = Predictions.Binary(probabilities, holdout.Labels);
/// Console.WriteLine(Metrics.Find("roc_auc", PredictionTask.Binary).Estimate(predictions));
/// </code></example>
public sealed class Metric
{
    private readonly Func<Predictions, Statistic> _statistic;

    internal Metric(string name, PredictionTask task, MetricDirection direction, Func<Predictions, Statistic> statistic) =>
        (Name, Task, Direction, _statistic) = (name, task, direction, statistic);

    /// <summary>Its name, such as <c>roc_auc</c>.</summary>
    public string Name { get; }
    /// <summary>What it judges.</summary>
    public PredictionTask Task { get; }
    /// <summary>Which way it is better.</summary>
    public MetricDirection Direction { get; }

    /// <summary>The metric on the rows; null where they do not define it.</summary>
    /// <param name="predictions">The rows.</param>
    /// <param name="weights">[N] finite and not negative; default 1 each.</param>
    /// <exception cref="ArgumentException">The predictions are of another task, or the weights do not fit.</exception>
    public double? Compute(Predictions predictions, float[]? weights = null)
    {
        Evaluation.Scores.CheckWeights(weights, predictions.Rows);
        return Of(predictions).Of(weights is { Length: > 0 } ? Array.ConvertAll(weights, weight => (double)weight) : Bootstrap.Once(predictions.Rows));
    }

    /// <summary>The metric with its 95 % interval by percentile bootstrap over rows (Efron 1979); null where the rows do not define it.</summary>
    /// <param name="predictions">The rows.</param>
    /// <param name="samples">Number of resamples, at least 20; default 500.</param>
    /// <param name="seed">Of the resampling.</param>
    /// <exception cref="ArgumentException">The predictions are of another task, or there are too few resamples.</exception>
    public MetricEstimate? Estimate(Predictions predictions, int samples = 500, int seed = 0) => MetricIntervals.Estimate([this], predictions, samples, seed)[0];

    /// <summary>The mean of the metric over several models on the same rows, such as one a seed, with its 95 % interval.</summary>
    /// <param name="models">What each said of the same rows; at least one.</param>
    /// <param name="samples">Number of resamples, at least 20; default 500.</param>
    /// <param name="seed">Of the resampling.</param>
    /// <exception cref="ArgumentException">There is no model, the rows are not the same or of another task, or there are too few resamples.</exception>
    public MetricEstimate? Estimate(IReadOnlyList<Predictions> models, int samples = 500, int seed = 0) => MetricIntervals.Estimate([Of(models)], models[0].Rows, samples, seed)[0];

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>By how much <paramref name="value"/> is better than <paramref name="other"/>; negative when it is worse.</summary>
    internal double Gain(double value, double other) => Direction == MetricDirection.HigherIsBetter ? value - other : other - value;

    /// <summary>The mean over several models as a function of the rows' weights.</summary>
    internal Statistic Of(IReadOnlyList<Predictions> models)
    {
        if (models.Count == 0)
            throw new ArgumentException($"There is no model to measure '{Name}' of. Give the predictions of at least one.", nameof(models));
        if (models.FirstOrDefault(model => !model.Labels.AsSpan().SequenceEqual(models[0].Labels)) is { } other)
            throw new ArgumentException($"One model judged {models[0].Rows} rows and another {other.Rows}, or their labels differ. Let all predict the same rows in the same order.", nameof(models));
        return models.Count == 1 ? Of(models[0]) : new AverageStatistic([.. models.Select(Of)]);
    }

    /// <summary>The metric as a function of the rows' weights.</summary>
    internal Statistic Of(Predictions predictions) => predictions.Task == Task
        ? _statistic(predictions)
        : throw new ArgumentException(
            $"The metric '{Name}' judges {Task} predictions, and these are {predictions.Task}. Known for them: {string.Join(", ", Metrics.Names(predictions.Task))}.", nameof(predictions));
}
