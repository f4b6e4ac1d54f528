namespace Workbench.Features;

/// <summary>
/// Rows for a tabular model, in memory and column-typed. N rows, D numeric columns, K categorical columns.
/// </summary>
public sealed record TabularData
{
    /// <summary>What the columns mean.</summary>
    public required FeatureSchema Schema { get; init; }
    /// <summary>Row-major [N × D]; NaN means missing; never infinite.</summary>
    public required float[] Numeric { get; init; }
    /// <summary>Row-major [N × K]; null means missing.</summary>
    public required string?[] Categorical { get; init; }
    /// <summary>[N] of 0 or 1; empty when the rows have no label.</summary>
    public required float[] Labels { get; init; }
    /// <summary>[N] row ids; empty when the schema names no id.</summary>
    public required string[] Ids { get; init; }
    /// <summary>N.</summary>
    public required int Rows { get; init; }
}
