namespace Workbench.Evaluation;

/// <summary>What <see cref="RankingMetrics"/> computes, as means over queries; null without queries.</summary>
public sealed record RankingScores
{
    /// <summary>Queries seen.</summary>
    public required long Queries { get; init; }
    /// <summary>Queries without a relevant item; they count as 0 in each mean, as in scikit-learn's NDCG.</summary>
    public required long QueriesWithoutRelevant { get; init; }
    /// <summary>Normalised discounted cumulative gain (Järvelin and Kekäläinen 2002), 0 to 1, averaged over the orders of tied items.</summary>
    public required double? Ndcg { get; init; }
    /// <summary>Mean average precision: the mean over the relevant items of the precision down to their rank.</summary>
    public required double? MeanAveragePrecision { get; init; }
    /// <summary>Mean of 1 / rank of the first relevant item; among tied items it is the last.</summary>
    public required double? MeanReciprocalRank { get; init; }
}
