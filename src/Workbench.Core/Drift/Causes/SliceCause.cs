namespace Workbench.Drift.Causes;

/// <summary>Rows that share one or two conditions, and what they did to the mean of a quantity.</summary>
public sealed record SliceCause
{
    /// <summary>One or two conditions that all hold.</summary>
    public required IReadOnlyList<SliceCondition> Conditions { get; init; }
    /// <summary>Their part of the reference rows, in [0, 1].</summary>
    public required double ReferenceShare { get; init; }
    /// <summary>Their part of the current rows, in [0, 1].</summary>
    public required double CurrentShare { get; init; }
    /// <summary>The quantity's mean on their reference rows; null when there are none.</summary>
    public required double? ReferenceMean { get; init; }
    /// <summary>The quantity's mean on their current rows; null when there are none.</summary>
    public required double? CurrentMean { get; init; }
    /// <summary>
    /// How much of the change of the mean comes from these rows: q·(n - μ) - p·(m - μ), with their shares p, q and means m, n
    /// of reference and current, and μ halfway between the means of all rows. Over slices that cover all rows once it adds up
    /// to the change (the decomposition of Kitagawa 1955, J. Am. Stat. Assoc. 50, 1168-1194, a cell at a time).
    /// </summary>
    public required double Contribution { get; init; }
    /// <summary>Lower end of the contribution's 95 % interval (normal, rows independent).</summary>
    public required double ConfidenceLower { get; init; }
    /// <summary>Upper end of the contribution's 95 % interval.</summary>
    public required double ConfidenceUpper { get; init; }
    /// <summary>The part of the contribution that comes from more or fewer such rows; the rest comes from other values on them.</summary>
    public required double Mix { get; init; }
    /// <summary>The contribution as a part of the change; above 1 where other rows counteract.</summary>
    public required double ShareOfChange { get; init; }
    /// <summary>The same in words.</summary>
    public required string Sentence { get; init; }
}
