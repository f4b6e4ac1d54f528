namespace Workbench.Evaluation;

/// <summary>Rows sorted once by probability, so that each bootstrap resample is counted in one pass.</summary>
internal sealed class RankedRows
{
    private readonly float[] _probabilities;
    private readonly bool[] _positive;
    private readonly double _threshold;

    public RankedRows(float[] probabilities, float[] labels, double threshold)
    {
        var order = Enumerable.Range(0, probabilities.Length).OrderBy(row => probabilities[row]).ToArray();
        _probabilities = [.. order.Select(row => probabilities[row])];
        _positive = [.. order.Select(row => labels[row] == 1)];
        _threshold = threshold;
    }

    public int Rows => _probabilities.Length;

    /// <summary>Counts with row i (by rank) taken <paramref name="times"/>[i] times.</summary>
    public ClassCounts Count(int[] times)
    {
        long truePositives = 0, falsePositives = 0, trueNegatives = 0, falseNegatives = 0, negativesBelow = 0;
        double concordant = 0;
        for (int start = 0, end; start < Rows; start = end)
        {
            // Rows start .. end - 1 have the same probability.
            long positives = 0, negatives = 0;
            for (end = start; end < Rows && _probabilities[end] == _probabilities[start]; end++)
            {
                if (_positive[end])
                    positives += times[end];
                else
                    negatives += times[end];
            }
            concordant += positives * (negativesBelow + 0.5 * negatives);
            negativesBelow += negatives;
            bool predicted = _probabilities[start] >= _threshold;
            truePositives += predicted ? positives : 0;
            falsePositives += predicted ? negatives : 0;
            falseNegatives += predicted ? 0 : positives;
            trueNegatives += predicted ? 0 : negatives;
        }
        return new(truePositives, falsePositives, trueNegatives, falseNegatives, concordant);
    }
}
