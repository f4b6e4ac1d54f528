namespace Workbench.Evaluation.Estimation;

/// <summary>
/// The rising function with the least squared distance to the labels (Ayer et al. 1955, pool adjacent violators), straight
/// between its points and flat beyond them; scikit-learn's IsotonicRegression with <c>out_of_bounds="clip"</c>.
/// </summary>
public sealed record IsotonicCalibration : IScoreCalibration
{
    /// <summary>[K] rising scores.</summary>
    public required IReadOnlyList<double> Scores { get; init; }
    /// <summary>[K] the probability at each, never falling.</summary>
    public required IReadOnlyList<double> Probabilities { get; init; }

    /// <summary>Learns from labelled scores.</summary>
    /// <param name="scores">[N], at least one.</param>
    /// <param name="positive">[N] whether the row was positive.</param>
    public static IsotonicCalibration Fit(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positive)
    {
        if (scores.Length == 0 || scores.Length != positive.Length)
            throw new ArgumentException($"There are {scores.Length} scores and {positive.Length} labels; each row needs one of both, and one row at least.", nameof(scores));
        double[] sorted = scores.ToArray();
        bool[] labels = positive.ToArray();
        Array.Sort(sorted, labels);
        return FromBlocks(Pool(sorted, labels));
    }

    /// <inheritdoc/>
    public double Apply(double score)
    {
        int last = Scores.Count - 1;
        if (score <= Scores[0] || last == 0)
            return Probabilities[0];
        if (score >= Scores[last])
            return Probabilities[last];
        int low = 0, high = last;
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            (low, high) = Scores[middle] <= score ? (middle, high) : (low, middle);
        }
        return Probabilities[low] + (Probabilities[high] - Probabilities[low]) * (score - Scores[low]) / (Scores[high] - Scores[low]);
    }

    private sealed record Block(double First, double Last, double Positives, double Rows)
    {
        public double Mean => Positives / Rows;
    }

    private static List<Block> Pool(double[] scores, bool[] positive)
    {
        var blocks = new List<Block>();
        for (int start = 0, end; start < scores.Length; start = end)
        {
            int positives = 0;
            for (end = start; end < scores.Length && scores[end] == scores[start]; end++)
                positives += positive[end] ? 1 : 0;
            var block = new Block(scores[start], scores[start], positives, end - start);
            while (blocks.Count > 0 && blocks[^1].Mean >= block.Mean)
            {
                var before = blocks[^1];
                blocks.RemoveAt(blocks.Count - 1);
                block = new(before.First, block.Last, before.Positives + block.Positives, before.Rows + block.Rows);
            }
            blocks.Add(block);
        }
        return blocks;
    }

    private static IsotonicCalibration FromBlocks(List<Block> blocks)
    {
        var points = blocks.SelectMany(block => block.First == block.Last ? new[] { (block.First, block.Mean) } : [(block.First, block.Mean), (block.Last, block.Mean)]).ToList();
        return new() { Scores = [.. points.Select(point => point.Item1)], Probabilities = [.. points.Select(point => point.Item2)] };
    }
}
