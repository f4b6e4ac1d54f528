using Workbench.Features;

namespace Workbench.Evaluation;

/// <summary>
/// Metrics of two classes over rows that come batch by batch. The areas under the curves are exact, so every row is kept
/// (12 bytes).
/// </summary>
/// <example><code>
/// var metrics = new BinaryMetrics();
/// foreach (var batch in batches)
///     metrics.Update(batch.Probabilities, batch.Labels);
/// Console.WriteLine(metrics.Compute().RocAuc);
/// </code></example>
public sealed class BinaryMetrics : IStreamingMetrics<BinaryMetrics, BinaryScores>
{
    private readonly List<float> _probabilities = [];
    private readonly List<float> _labels = [];
    private readonly List<float> _weights = [];
    private readonly double _threshold;

    /// <summary>Metrics without rows.</summary>
    /// <param name="threshold">Predicted 1 from here on, in [0, 1]; default 0.5.</param>
    public BinaryMetrics(double threshold = 0.5)
    {
        Scores.CheckThreshold(threshold);
        _threshold = threshold;
    }

    /// <summary>Adds rows.</summary>
    /// <param name="probabilities">[B] of class 1, in [0, 1].</param>
    /// <param name="labels">[B] of 0 or 1.</param>
    /// <param name="weights">[B] finite, not negative; empty: 1 each.</param>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    /// <exception cref="Data.DataException">A value is out of range; names the row. No row of the batch is taken then.</exception>
    public void Update(ReadOnlySpan<float> probabilities, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights = default)
    {
        Scores.CheckBinary(probabilities, labels);
        Scores.CheckWeights(weights, labels.Length);
        for (int row = 0; row < labels.Length; row++)
        {
            _probabilities.Add(probabilities[row]);
            _labels.Add(labels[row]);
            _weights.Add(weights.IsEmpty ? 1 : weights[row]);
        }
    }

    /// <inheritdoc/>
    public void Reset()
    {
        _probabilities.Clear();
        _labels.Clear();
        _weights.Clear();
    }

    /// <inheritdoc/>
    public void Merge(BinaryMetrics other)
    {
        if (other._threshold != _threshold)
            throw new ArgumentException($"Metrics at the threshold {other._threshold} cannot be merged into those at {_threshold}. Make both with the same threshold.", nameof(other));
        _probabilities.AddRange(other._probabilities);
        _labels.AddRange(other._labels);
        _weights.AddRange(other._weights);
    }

    /// <inheritdoc/>
    public BinaryScores Compute()
    {
        float[] probabilities = [.. _probabilities], labels = [.. _labels];
        double[] weights = [.. _weights.Select(weight => (double)weight)];
        var counts = new RankedRows(probabilities, labels, _threshold).CountRows(weights);
        return new()
        {
            Rows = labels.Length, Accuracy = counts.Accuracy, BalancedAccuracy = counts.BalancedAccuracy, Precision = counts.Precision, Recall = counts.Recall,
            F1 = counts.F1, MatthewsCorrelation = counts.MatthewsCorrelation, RocAuc = counts.RocAuc, AveragePrecision = counts.AveragePrecision,
            LogLoss = Mean("log_loss"), Brier = Mean("brier"), CalibrationError = Mean("calibration_error"),
        };

        double? Mean(string metric) => labels.Length == 0 ? null
            : Metrics.Find(metric, PredictionTask.Binary).Of(Predictions.Binary(probabilities, labels, _threshold)).Of(weights);
    }

    /// <summary>The threshold at which wrong predictions cost least on the rows so far; see <see cref="ThresholdChoice.ByCost"/>.</summary>
    public ThresholdChoice ChooseThreshold(double falsePositiveCost, double falseNegativeCost) =>
        ThresholdChoice.ByCost([.. _probabilities], [.. _labels], falsePositiveCost, falseNegativeCost);
}
