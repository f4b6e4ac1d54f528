namespace Workbench.Drift;

/// <summary>Both distributions of a column over the same bins or categories, for a picture. Shares lie in [0, 1] and add up to 1 a side, or are all 0 on a side without values.</summary>
public sealed record DriftBins
{
    /// <summary>n + 1 ascending edges of n bins of a numeric column, else null. The outermost bins also hold what lies outside.</summary>
    public IReadOnlyList<double>? Edges { get; init; }
    /// <summary>n names of a categorical column, the largest first, at most 20 and "(n others)"; else null.</summary>
    public IReadOnlyList<string>? Categories { get; init; }
    /// <summary>n shares of the reference.</summary>
    public required IReadOnlyList<double> ReferenceShares { get; init; }
    /// <summary>n shares of the current rows.</summary>
    public required IReadOnlyList<double> CurrentShares { get; init; }
}
