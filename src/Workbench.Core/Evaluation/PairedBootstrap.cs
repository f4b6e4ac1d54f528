using Workbench.Data;
using Workbench.Features;

namespace Workbench.Evaluation;

/// <summary>
/// Compares two models row by row. Both see the same rows in each resample, so that what is hard for both cancels out and
/// the interval is far narrower than that of two separate metrics (Efron and Tibshirani 1993, chapter 16).
/// </summary>
public static class PairedBootstrap
{
    /// <summary>Difference in accuracy.</summary>
    /// <param name="candidateProbabilities">[N] probabilities of class 1 by the candidate.</param>
    /// <param name="championProbabilities">[N] by the champion, for the same rows in the same order.</param>
    /// <param name="labels">[N] of 0 or 1.</param>
    /// <param name="samples">Number of resamples, at least 20; default 1000.</param>
    /// <param name="seed">Of the resampling.</param>
    /// <param name="threshold">Predicted 1 from here on, for both; default 0.5.</param>
    /// <exception cref="ArgumentException">The arrays differ in length, or an argument is out of range.</exception>
    /// <exception cref="DataException">There are no rows, or a probability or label is none.</exception>
    public static PairedDifference Accuracy(
        float[] candidateProbabilities, float[] championProbabilities, float[] labels, int samples = 1000, int seed = 0, double threshold = 0.5)
    {
        Scores.CheckSettings(threshold, samples);
        var candidate = Predictions.Binary(candidateProbabilities, labels, threshold);
        var champion = Predictions.Binary(championProbabilities, labels, threshold);
        return Compare(Metrics.Default(PredictionTask.Binary), candidate, champion, samples, seed)!; // accuracy is defined on any rows
    }

    /// <summary>Difference in any metric.</summary>
    /// <param name="metric">What decides.</param>
    /// <param name="candidate">Predictions of the candidate.</param>
    /// <param name="champion">Of the champion, for the same rows in the same order.</param>
    /// <param name="samples">Number of resamples, at least 20; default 1000.</param>
    /// <param name="seed">Of the resampling.</param>
    /// <returns>The difference, positive when the candidate is better whichever way the metric goes; null where the rows do not define the metric.</returns>
    /// <exception cref="ArgumentException">The rows are not the same, are of another task than the metric, or there are too few resamples.</exception>
    public static PairedDifference? Compare(Metric metric, Predictions candidate, Predictions champion, int samples = 1000, int seed = 0) =>
        Compare(metric, [candidate], [champion], samples, seed);

    /// <summary>Difference in the mean of any metric over several models a side, such as one a seed: what is compared is the way of training, not one lucky training.</summary>
    /// <param name="metric">What decides.</param>
    /// <param name="candidates">Predictions of the candidate's models; at least one.</param>
    /// <param name="champions">Of the champion's, for the same rows in the same order; at least one.</param>
    /// <param name="samples">Number of resamples, at least 20; default 1000.</param>
    /// <param name="seed">Of the resampling.</param>
    /// <returns>As for one model a side.</returns>
    /// <exception cref="ArgumentException">As for one model a side.</exception>
    public static PairedDifference? Compare(Metric metric, IReadOnlyList<Predictions> candidates, IReadOnlyList<Predictions> champions, int samples = 1000, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, Bootstrap.MinimumSamples);
        Statistic ours = metric.Of(candidates), theirs = metric.Of(champions);
        int rows = candidates[0].Rows;
        if (!candidates[0].Labels.AsSpan().SequenceEqual(champions[0].Labels))
            throw new ArgumentException($"The candidate judged {rows} rows and the champion {champions[0].Rows}, or their labels differ. Let both predict the same rows in the same order.", nameof(champions));
        if (Gain(Bootstrap.Once(rows)) is not { } difference)
            return null;
        var differences = Bootstrap.RowCounts(rows, samples, seed).Select(Gain).OfType<double>().ToList();
        if (differences.Count == 0)
            differences.Add(difference);
        double wins = differences.Count(one => one > 0) + 0.5 * differences.Count(one => one == 0);
        var (lower, upper) = Bootstrap.Interval([.. differences]);
        return new(difference, lower, upper, rows, wins / differences.Count);

        double? Gain(double[] times) => ours.Of(times) is { } our && theirs.Of(times) is { } their ? metric.Gain(our, their) : null;
    }
}
