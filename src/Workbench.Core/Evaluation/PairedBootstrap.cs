using Workbench.Data;

namespace Workbench.Evaluation;

/// <summary>
/// Compares two models row by row. Both see the same rows in each resample, so that what is hard for both cancels out and
/// the interval is far narrower than that of two separate accuracies (Efron and Tibshirani 1993, chapter 16).
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
        Scores.Check(candidateProbabilities, labels);
        Scores.Check(championProbabilities, labels);
        Scores.CheckSettings(threshold, samples);
        int rows = labels.Length;
        // 1: only the candidate is right; -1: only the champion; 0: no difference.
        var gains = Enumerable.Range(0, rows)
            .Select(row => Right(candidateProbabilities[row], labels[row], threshold) - Right(championProbabilities[row], labels[row], threshold))
            .ToArray();
        var differences = Bootstrap.RowCounts(rows, samples, seed).Select(times => Gain(gains, times)).ToArray();
        double wins = differences.Count(difference => difference > 0) + 0.5 * differences.Count(difference => difference == 0);
        var (lower, upper) = Bootstrap.Interval(differences);
        return new(gains.Sum() / (double)rows, lower, upper, rows, wins / samples);
    }

    private static int Right(float probability, float label, double threshold) => probability >= threshold == (label == 1) ? 1 : 0;

    private static double Gain(int[] gains, int[] times)
    {
        long sum = 0;
        for (int row = 0; row < gains.Length; row++)
            sum += gains[row] * times[row];
        return sum / (double)gains.Length;
    }
}
