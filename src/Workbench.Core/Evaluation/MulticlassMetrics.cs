namespace Workbench.Evaluation;

/// <summary>
/// Metrics of C classes over rows that come batch by batch, in constant memory; only the area under the ROC curves, where
/// it is asked for, keeps every row (4 C + 8 bytes).
/// </summary>
public sealed class MulticlassMetrics : IStreamingMetrics<MulticlassMetrics, MulticlassScores>
{
    private readonly int _k;
    private readonly bool _rocAuc;
    private readonly ConfusionCounts _counts;
    private readonly List<float> _probabilities = [];
    private readonly List<float> _labels = [];
    private readonly List<float> _weights = [];
    private CalibrationBins _bins = new();
    private double _weight, _logLoss, _brier, _topK;

    /// <summary>Metrics without rows.</summary>
    /// <param name="classes">C, at least 2.</param>
    /// <param name="k">Of the top-k accuracy, at least 1; default 3.</param>
    /// <param name="rocAuc">Whether rows are kept for the area under the ROC curves; default true.</param>
    public MulticlassMetrics(int classes, int k = 3, bool rocAuc = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        (_counts, _k, _rocAuc) = (new(classes), k, rocAuc);
    }

    /// <summary>Adds rows.</summary>
    /// <param name="probabilities">Row-major [B × C] in [0, 1]; each row sums to 1.</param>
    /// <param name="labels">[B] class indices from 0 to C - 1.</param>
    /// <param name="weights">[B] finite, not negative; empty: 1 each.</param>
    /// <exception cref="ArgumentException">The spans do not fit.</exception>
    /// <exception cref="Data.DataException">A value is out of range; names the row. No row of the batch is taken then.</exception>
    public void Update(ReadOnlySpan<float> probabilities, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights = default)
    {
        Scores.CheckMulticlass(probabilities, labels, _counts.Classes);
        Scores.CheckWeights(weights, labels.Length);
        Span<double> row = new double[_counts.Classes];
        for (int i = 0; i < labels.Length; i++)
        {
            for (int c = 0; c < row.Length; c++)
                row[c] = probabilities[i * row.Length + c];
            Add(row, (int)labels[i], weights.IsEmpty ? 1 : weights[i]);
        }
        if (!_rocAuc)
            return;
        _probabilities.AddRange(probabilities);
        _labels.AddRange(labels);
        for (int i = 0; i < labels.Length; i++)
            _weights.Add(weights.IsEmpty ? 1 : weights[i]);
    }

    /// <inheritdoc/>
    public void Reset()
    {
        _counts.Reset();
        _bins = new();
        _weight = _logLoss = _brier = _topK = 0;
        _probabilities.Clear();
        _labels.Clear();
        _weights.Clear();
    }

    /// <inheritdoc/>
    public void Merge(MulticlassMetrics other)
    {
        if ((other._k, other._rocAuc) != (_k, _rocAuc))
            throw new ArgumentException($"Metrics with k {other._k} and rocAuc {other._rocAuc} cannot be merged into those with k {_k} and rocAuc {_rocAuc}. Make both alike.", nameof(other));
        _counts.Merge(other._counts);
        _bins.Merge(other._bins);
        (_weight, _logLoss, _brier, _topK) = (_weight + other._weight, _logLoss + other._logLoss, _brier + other._brier, _topK + other._topK);
        _probabilities.AddRange(other._probabilities);
        _labels.AddRange(other._labels);
        _weights.AddRange(other._weights);
    }

    /// <inheritdoc/>
    public MulticlassScores Compute() => new()
    {
        Rows = _counts.Rows, Counts = _counts.Compute(), TopKAccuracy = Mean(_topK), LogLoss = Mean(_logLoss), Brier = Mean(_brier), CalibrationError = _bins.Error,
        RocAuc = _labels.Count == 0 ? null
            : new OneVersusRestStatistic(Predictions.Multiclass([.. _probabilities], [.. _labels], _counts.Classes)).Of(_weights.Select(weight => (double)weight).ToArray()),
    };

    private void Add(ReadOnlySpan<double> row, int label, double weight)
    {
        int predicted = RowValues.Largest(row);
        _counts.Add(label, predicted, weight);
        _bins.Add(row[predicted], predicted == label, weight);
        _weight += weight;
        _logLoss += weight * RowValues.LogLoss(row, label);
        _brier += weight * RowValues.Brier(row, label);
        _topK += weight * RowValues.TopK(row, label, _k);
    }

    private double? Mean(double sum) => _weight > 0 ? sum / _weight : null;
}
