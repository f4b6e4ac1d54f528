namespace Workbench.Evaluation;

/// <summary>
/// A confusion matrix of C classes that is fed batch by batch, and the metrics that follow from it, equal to
/// scikit-learn's. A class that no row is labelled with or predicted as is left out of averages.
/// </summary>
public sealed class ConfusionCounts : IStreamingMetrics<ConfusionCounts, ConfusionCounts>
{
    private readonly double[,] _weights;

    /// <summary>An empty matrix.</summary>
    /// <param name="classes">C, at least 2.</param>
    public ConfusionCounts(int classes)
    {
        if (classes < 2)
            throw new ArgumentOutOfRangeException(nameof(classes), classes, "A confusion matrix needs at least 2 classes.");
        _weights = new double[classes, classes];
    }

    /// <summary>C.</summary>
    public int Classes => _weights.GetLength(0);
    /// <summary>Rows seen, whatever their weight.</summary>
    public long Rows { get; private set; }
    /// <summary>Weight of the rows with a label (from 0) that were predicted as a class; their number when none was weighted.</summary>
    public double this[int label, int predicted] => _weights[label, predicted];

    /// <summary>Share of right rows; null without rows.</summary>
    public double? Accuracy => Ratio(Sum(Hits), Total);
    /// <summary>Mean recall of the classes that occur as a label; null without rows.</summary>
    public double? BalancedAccuracy => Mean(Indices.Select(Recall).OfType<double>().ToList());
    /// <summary>
    /// Correlation of predictions and labels, -1 to 1 (Gorodkin 2004); 0 when all rows have one label or one prediction;
    /// null without rows.
    /// </summary>
    public double? MatthewsCorrelation
    {
        get
        {
            double hits = Sum(Hits), total = Total;
            double covariance = hits * total - Sum(c => Labelled(c) * PredictedAs(c));
            double ofLabels = total * total - Sum(c => Labelled(c) * Labelled(c)), ofPredictions = total * total - Sum(c => PredictedAs(c) * PredictedAs(c));
            return total <= 0 ? null : ofLabels * ofPredictions > 0 ? covariance / Math.Sqrt(ofLabels * ofPredictions) : 0;
        }
    }

    private IEnumerable<int> Indices => Enumerable.Range(0, Classes);
    private double Total => Sum(Labelled);

    /// <summary>Adds rows.</summary>
    /// <param name="labels">[B] from 0 to C - 1.</param>
    /// <param name="predicted">[B] from 0 to C - 1.</param>
    /// <param name="weights">[B] not negative; empty: 1 each.</param>
    /// <exception cref="ArgumentException">The spans do not fit, or a class or weight is out of range.</exception>
    public void Update(ReadOnlySpan<int> labels, ReadOnlySpan<int> predicted, ReadOnlySpan<float> weights = default)
    {
        if (labels.Length != predicted.Length)
            throw new ArgumentException($"There are {labels.Length} labels and {predicted.Length} predictions; each row needs one of both.", nameof(predicted));
        Scores.CheckWeights(weights, labels.Length);
        for (int row = 0; row < labels.Length; row++)
        {
            if ((uint)labels[row] >= (uint)Classes || (uint)predicted[row] >= (uint)Classes)
                throw new ArgumentException($"Row {row + 1:N0} has the label {labels[row]} and the prediction {predicted[row]}; allowed are 0 to {Classes - 1}.", nameof(labels));
        }
        for (int row = 0; row < labels.Length; row++)
            Add(labels[row], predicted[row], weights.IsEmpty ? 1 : weights[row]);
    }

    /// <summary>TP / (TP + FP) of a class; null when no row was predicted as it.</summary>
    public double? Precision(int @class) => Ratio(Hits(@class), PredictedAs(@class));

    /// <summary>TP / (TP + FN) of a class; null when no row is labelled with it.</summary>
    public double? Recall(int @class) => Ratio(Hits(@class), Labelled(@class));

    /// <summary>2 TP / (2 TP + FP + FN) of a class; null when no row is predicted as or labelled with it.</summary>
    public double? F1(int @class) => Ratio(2 * Hits(@class), PredictedAs(@class) + Labelled(@class));

    /// <summary>Precision over all classes; a class that was never predicted counts as 0, as scikit-learn has it.</summary>
    public double? Precision(Averaging averaging) => Average(Precision, averaging);

    /// <summary>Recall over all classes; a class that never occurs but was predicted counts as 0.</summary>
    public double? Recall(Averaging averaging) => Average(Recall, averaging);

    /// <summary>F1 over all classes.</summary>
    public double? F1(Averaging averaging) => Average(F1, averaging);

    /// <inheritdoc/>
    public void Reset()
    {
        Array.Clear(_weights);
        Rows = 0;
    }

    /// <inheritdoc/>
    public void Merge(ConfusionCounts other)
    {
        if (other.Classes != Classes)
            throw new ArgumentException($"A matrix of {other.Classes} classes cannot be merged into one of {Classes}. Make both with the same classes.", nameof(other));
        foreach (int label in Indices)
            foreach (int predicted in Indices)
                _weights[label, predicted] += other._weights[label, predicted];
        Rows += other.Rows;
    }

    /// <summary>A copy that later rows do not change.</summary>
    public ConfusionCounts Compute()
    {
        var copy = new ConfusionCounts(Classes);
        copy.Merge(this);
        return copy;
    }

    /// <summary>Adds a row that was checked.</summary>
    internal void Add(int label, int predicted, double weight)
    {
        _weights[label, predicted] += weight;
        Rows++;
    }

    private double? Average(Func<int, double?> ofClass, Averaging averaging)
    {
        if (averaging == Averaging.Micro)
            return Accuracy; // with one label a row, all three are the share of right rows
        var occurring = Indices.Where(c => Labelled(c) + PredictedAs(c) > 0).ToList();
        return averaging == Averaging.Macro
            ? Mean(occurring.Select(c => ofClass(c) ?? 0).ToList())
            : Ratio(occurring.Sum(c => Labelled(c) * (ofClass(c) ?? 0)), Total);
    }

    private double Hits(int c) => _weights[c, c];

    private double Labelled(int c) => Sum(predicted => _weights[c, predicted]);

    private double PredictedAs(int c) => Sum(label => _weights[label, c]);

    private double Sum(Func<int, double> of)
    {
        double sum = 0;
        for (int c = 0; c < Classes; c++)
            sum += of(c);
        return sum;
    }

    private static double? Mean(List<double> values) => values.Count > 0 ? values.Average() : null;

    private static double? Ratio(double part, double whole) => whole > 0 ? part / whole : null;
}
