namespace Workbench.Evaluation.Estimation;

/// <summary>
/// Scored rows with the weight of each class being true: calibrated probabilities where labels are to be estimated, 1 and 0
/// where they are known. Every metric of the weights is then its expectation, or the metric itself. n rows, C classes.
/// </summary>
internal sealed class ExpectedRows(int classes, double threshold, bool isBinary, double[] scores, double[] truth)
{
    private readonly ClassCounts?[] _ranked = new ClassCounts?[classes];
    private double[,]? _confusion;
    private ConfusionCounts? _counts;

    public int Classes => classes;
    public int Rows => truth.Length / classes;
    public bool IsBinary => isBinary;

    public double Score(int row, int c) => scores[row * classes + c];

    public double Truth(int row, int c) => truth[row * classes + c];

    public int Predicted(int row) => isBinary ? Score(row, 1) >= threshold ? 1 : 0 : RowValues.Largest(scores.AsSpan(row * classes, classes));

    /// <summary>[label, predicted] weights.</summary>
    public double[,] Confusion => _confusion ??= Count();

    /// <summary>The same, for the averages over classes.</summary>
    public ConfusionCounts Counts => _counts ??= ToCounts();

    /// <summary>A class against the rest, ranked by its score.</summary>
    public ClassCounts Ranked(int c) => _ranked[c] ??= Rank(c);

    /// <summary>Each class's label against the rest, with one weight a row, for resampling; the truth must be 1 or 0.</summary>
    public RankedRows Labelled(int c) => new(
        [.. Enumerable.Range(0, Rows).Select(row => Score(row, c))], [.. Enumerable.Range(0, Rows).Select(row => Truth(row, c) == 1)], isBinary ? threshold : 0.5);

    /// <summary>Natural logarithm of the score of the true class, its sign turned.</summary>
    public double LogLoss(int row)
    {
        double sum = 0;
        for (int c = 0; c < classes; c++)
            if (Truth(row, c) > 0)
                sum += Truth(row, c) * RowValues.LogLoss(scores.AsSpan(row * classes, classes), c);
        return sum;
    }

    public double Brier(int row)
    {
        double sum = 0;
        for (int c = 0; c < classes; c++)
            sum += Truth(row, c) * (isBinary ? RowValues.Square(Score(row, 1) - c) : RowValues.Brier(scores.AsSpan(row * classes, classes), c));
        return sum;
    }

    private double[,] Count()
    {
        var cells = new double[classes, classes];
        for (int row = 0; row < Rows; row++)
        {
            int predicted = Predicted(row);
            for (int c = 0; c < classes; c++)
                cells[c, predicted] += Truth(row, c);
        }
        return cells;
    }

    private ConfusionCounts ToCounts()
    {
        var counts = new ConfusionCounts(classes);
        for (int label = 0; label < classes; label++)
            for (int predicted = 0; predicted < classes; predicted++)
                counts.Add(label, predicted, Confusion[label, predicted]);
        return counts;
    }

    // Each row stands there twice, as a positive one with the weight of its truth and as a negative one with the rest.
    private ClassCounts Rank(int c)
    {
        int n = Rows;
        var (values, positive, weights) = (new double[2 * n], new bool[2 * n], new double[2 * n]);
        for (int row = 0; row < n; row++)
        {
            values[row] = values[n + row] = Score(row, c);
            positive[row] = true;
            (weights[row], weights[n + row]) = (Truth(row, c), 1 - Truth(row, c));
        }
        return new RankedRows(values, positive, isBinary ? threshold : 0.5).CountRows(weights);
    }
}
