namespace Workbench.Drift.Causes;

/// <summary>By how much the mean of a quantity moved, and which columns and rows moved it.</summary>
public sealed record QuantityChange
{
    /// <summary>What moved.</summary>
    public required string Name { get; init; }
    /// <summary>Mean over the reference rows that have it.</summary>
    public required double ReferenceMean { get; init; }
    /// <summary>Mean over the current rows that have it.</summary>
    public required double CurrentMean { get; init; }
    /// <summary>Current minus reference.</summary>
    public required double Change { get; init; }
    /// <summary>Lower end of the change's 95 % interval (normal, rows independent).</summary>
    public required double ConfidenceLower { get; init; }
    /// <summary>Upper end of the change's 95 % interval.</summary>
    public required double ConfidenceUpper { get; init; }
    /// <summary>True when the change is more than three standard errors from 0; only then are causes looked for.</summary>
    public required bool IsBeyondChance { get; init; }
    /// <summary>Columns by the size of what their shift explains, the largest first.</summary>
    public required IReadOnlyList<ColumnCause> Columns { get; init; }
    /// <summary>Slices of one or two columns by how much more of the change they hold than of the rows, the largest first.</summary>
    public required IReadOnlyList<SliceCause> Slices { get; init; }
    /// <summary>The change in words.</summary>
    public required string Sentence { get; init; }
}
