namespace Workbench.Evaluation;

/// <summary>A metric over the slices of one column.</summary>
public sealed record SliceReport
{
    /// <summary>The column.</summary>
    public required string Column { get; init; }
    /// <summary>Name of the metric.</summary>
    public required string Metric { get; init; }
    /// <summary>Fewest rows for which a slice is judged.</summary>
    public required int MinimumRows { get; init; }
    /// <summary>Over all rows; null where they do not define the metric.</summary>
    public required MetricEstimate? Overall { get; init; }
    /// <summary>The slices, the largest first.</summary>
    public required IReadOnlyList<SliceResult> Slices { get; init; }
}
