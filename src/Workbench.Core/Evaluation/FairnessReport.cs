namespace Workbench.Evaluation;

/// <summary>
/// How differently a model treats the groups of a column. Each gap is the largest difference between two groups, 0 is best,
/// 1 is worst; null with fewer than two groups that define it. A gap of noise alone is not 0: see whether its interval
/// stays away from that.
/// </summary>
public sealed record FairnessReport
{
    /// <summary>The column.</summary>
    public required string Column { get; init; }
    /// <summary>Fewest rows for which a group counts.</summary>
    public required int MinimumRows { get; init; }
    /// <summary>The groups, the largest first.</summary>
    public required IReadOnlyList<FairnessGroup> Groups { get; init; }
    /// <summary>Gap of the selection rates: demographic parity (Dwork et al. 2012).</summary>
    public required MetricEstimate? DemographicParityGap { get; init; }
    /// <summary>Gap of the true positive rates: equal opportunity (Hardt, Price and Srebro 2016).</summary>
    public required MetricEstimate? EqualOpportunityGap { get; init; }
    /// <summary>The larger gap of true and false positive rates: equalised odds (the same).</summary>
    public required MetricEstimate? EqualisedOddsGap { get; init; }
}
