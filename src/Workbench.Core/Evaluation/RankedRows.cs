namespace Workbench.Evaluation;

/// <summary>Rows sorted once by probability, so that each bootstrap resample is counted in one pass.</summary>
internal sealed class RankedRows
{
    private readonly int[] _order;
    private readonly double[] _probabilities;
    private readonly bool[] _positive;
    private readonly double[] _byRank;
    private readonly double _threshold;

    public RankedRows(float[] probabilities, float[] labels, double threshold)
        : this(Array.ConvertAll(probabilities, value => (double)value), Array.ConvertAll(labels, label => label == 1), threshold) { }

    public RankedRows(double[] probabilities, bool[] positive, double threshold)
    {
        _order = [.. Enumerable.Range(0, probabilities.Length).OrderBy(row => probabilities[row])];
        _probabilities = [.. _order.Select(row => probabilities[row])];
        _positive = [.. _order.Select(row => positive[row])];
        _byRank = new double[_order.Length];
        _threshold = threshold;
    }

    public int Rows => _probabilities.Length;

    /// <summary>Counts with the row of rank i (from the lowest probability) weighing <paramref name="weights"/>[i].</summary>
    public ClassCounts Count(double[] weights)
    {
        double truePositives = 0, falsePositives = 0, trueNegatives = 0, falseNegatives = 0, concordant = 0, precisions = 0;
        foreach (var (probability, positives, negatives, positivesFrom, negativesFrom) in Groups(weights))
        {
            concordant += negatives * (positivesFrom - positives + 0.5 * positives);
            precisions += positives > 0 ? positives * positivesFrom / (positivesFrom + negativesFrom) : 0;
            bool predicted = probability >= _threshold;
            truePositives += predicted ? positives : 0;
            falsePositives += predicted ? negatives : 0;
            falseNegatives += predicted ? 0 : positives;
            trueNegatives += predicted ? 0 : negatives;
        }
        return new(truePositives, falsePositives, trueNegatives, falseNegatives, concordant, precisions);
    }

    /// <summary>The same with one weight a row, in the rows' own order.</summary>
    public ClassCounts CountRows(ReadOnlySpan<double> weights)
    {
        for (int rank = 0; rank < _order.Length; rank++)
            _byRank[rank] = weights[_order[rank]];
        return Count(_byRank);
    }

    /// <summary>
    /// Each probability that occurs, the highest first: the weight of its positives and negatives, and of all from it on
    /// upwards, which are predicted 1 when it is the threshold.
    /// </summary>
    public IEnumerable<(double Probability, double Positives, double Negatives, double PositivesFrom, double NegativesFrom)> Groups(double[] weights)
    {
        double positivesFrom = 0, negativesFrom = 0;
        for (int end = Rows - 1, start; end >= 0; end = start)
        {
            double positives = 0, negatives = 0;
            for (start = end; start >= 0 && _probabilities[start] == _probabilities[end]; start--)
            {
                if (_positive[start])
                    positives += weights[start];
                else
                    negatives += weights[start];
            }
            positivesFrom += positives;
            negativesFrom += negatives;
            yield return (_probabilities[end], positives, negatives, positivesFrom, negativesFrom);
        }
    }
}
