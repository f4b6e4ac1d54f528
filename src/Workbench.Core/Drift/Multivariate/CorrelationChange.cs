namespace Workbench.Drift.Multivariate;

/// <summary>How the dependence of two columns changed.</summary>
public sealed record CorrelationChange
{
    /// <summary>One column.</summary>
    public required string First { get; init; }
    /// <summary>The other.</summary>
    public required string Second { get; init; }
    /// <summary>Which coefficient.</summary>
    public required CorrelationMeasure Measure { get; init; }
    /// <summary>The coefficient of the reference.</summary>
    public required double Reference { get; init; }
    /// <summary>The coefficient of the current rows.</summary>
    public required double Current { get; init; }
    /// <summary>Chance of at least this change when both sides have one coefficient (Fisher's z; of ranks with the variance 1.06 / (n - 3) of Fieller, Hartley and Pearson 1957); null for Cramér's V.</summary>
    public double? PValue { get; init; }
    /// <summary>Adjusted among the pairs of the same coefficient (Benjamini-Hochberg).</summary>
    public double? AdjustedPValue { get; init; }
    /// <summary>The change reaches the threshold, and is no chance.</summary>
    public required bool IsDrift { get; init; }
}
