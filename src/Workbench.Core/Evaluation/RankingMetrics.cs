namespace Workbench.Evaluation;

/// <summary>Metrics of ranked lists, fed query by query, in constant memory.</summary>
public sealed class RankingMetrics : IStreamingMetrics<RankingMetrics, RankingScores>
{
    private readonly int? _k;
    private long _queries, _empty;
    private double _ndcg, _precision, _reciprocal;

    /// <summary>Metrics without queries.</summary>
    /// <param name="k">NDCG looks at the first k items only; null (the default) for all.</param>
    public RankingMetrics(int? k = null)
    {
        if (k < 1)
            throw new ArgumentOutOfRangeException(nameof(k), k, "NDCG looks at the first k items, with k at least 1; null for all.");
        _k = k;
    }

    /// <summary>Adds one query.</summary>
    /// <param name="scores">[N] what the items are ranked by, the highest first; finite.</param>
    /// <param name="relevance">[N] gains, finite and not negative; an item above 0 is relevant.</param>
    /// <exception cref="ArgumentException">The spans differ in length, or are empty.</exception>
    /// <exception cref="Data.DataException">A value is out of range; names the item.</exception>
    public void Update(ReadOnlySpan<float> scores, ReadOnlySpan<float> relevance)
    {
        Evaluation.Scores.CheckLengths(scores.Length, relevance.Length, "scores");
        if (scores.IsEmpty)
            throw new ArgumentException("A query has 0 items; rank at least one, or leave the query out.", nameof(scores));
        Evaluation.Scores.CheckFinite("score", scores);
        Evaluation.Scores.CheckWeights(relevance, scores.Length);
        _queries++;
        var items = Ranked(scores, relevance);
        if (!items.Exists(item => item.Gain > 0))
        {
            _empty++;
            return;
        }
        _ndcg += Discounted(items) / Discounted([.. items.OrderByDescending(item => item.Gain).Select((item, i) => (-(double)i, item.Gain))]);
        _precision += AveragePrecision(items);
        double best = items.First(item => item.Gain > 0).Score;
        _reciprocal += 1.0 / items.Count(item => item.Score >= best);
    }

    /// <inheritdoc/>
    public void Reset()
    {
        _queries = _empty = 0;
        _ndcg = _precision = _reciprocal = 0;
    }

    /// <inheritdoc/>
    public void Merge(RankingMetrics other)
    {
        if (other._k != _k)
            throw new ArgumentException($"Metrics of the first {other._k?.ToString() ?? "all"} items cannot be merged into those of {_k?.ToString() ?? "all"}. Make both with the same k.", nameof(other));
        (_queries, _empty) = (_queries + other._queries, _empty + other._empty);
        (_ndcg, _precision, _reciprocal) = (_ndcg + other._ndcg, _precision + other._precision, _reciprocal + other._reciprocal);
    }

    /// <inheritdoc/>
    public RankingScores Compute() => new()
    {
        Queries = _queries, QueriesWithoutRelevant = _empty, Ndcg = Mean(_ndcg), MeanAveragePrecision = Mean(_precision), MeanReciprocalRank = Mean(_reciprocal),
    };

    private static List<(double Score, double Gain)> Ranked(ReadOnlySpan<float> scores, ReadOnlySpan<float> relevance)
    {
        var items = new List<(double Score, double Gain)>(scores.Length);
        for (int i = 0; i < scores.Length; i++)
            items.Add((scores[i], relevance[i]));
        items.Sort((a, b) => b.Score.CompareTo(a.Score));
        return items;
    }

    // Tied items share the mean of their gains (McSherry and Najork 2008), which is the mean over their orders.
    private double Discounted(List<(double Score, double Gain)> items)
    {
        double sum = 0;
        for (int start = 0, end; start < items.Count; start = end)
        {
            double gain = 0, discount = 0;
            for (end = start; end < items.Count && items[end].Score == items[start].Score; end++)
            {
                gain += items[end].Gain;
                discount += end < (_k ?? items.Count) ? 1 / Math.Log2(end + 2) : 0;
            }
            sum += gain / (end - start) * discount;
        }
        return sum;
    }

    // A relevant item's rank is that of the last of its ties.
    private static double AveragePrecision(List<(double Score, double Gain)> items)
    {
        double sum = 0;
        int found = 0;
        for (int start = 0, end; start < items.Count; start = end)
        {
            int here = 0;
            for (end = start; end < items.Count && items[end].Score == items[start].Score; end++)
                here += items[end].Gain > 0 ? 1 : 0;
            found += here;
            sum += here * (double)found / end;
        }
        return sum / found;
    }

    private double? Mean(double sum) => _queries > 0 ? sum / _queries : null;
}
