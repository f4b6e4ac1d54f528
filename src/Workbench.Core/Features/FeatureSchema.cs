namespace Workbench.Features;

/// <summary>
/// Which columns a tabular model reads and predicts. Order is the order of the model's inputs.
/// </summary>
public sealed record FeatureSchema
{
    /// <summary>Names of the numeric input columns.</summary>
    public required IReadOnlyList<string> Numeric { get; init; }
    /// <summary>Names of the categorical input columns.</summary>
    public required IReadOnlyList<string> Categorical { get; init; }
    /// <summary>Name of the binary label column (0 or 1, or boolean).</summary>
    public required string Label { get; init; }
    /// <summary>Name of the column that identifies a row over time, or null. It decides the split and joins labels; it is never an input.</summary>
    public string? Id { get; init; }

    /// <summary>Numeric columns first, then categorical ones.</summary>
    public IEnumerable<string> Inputs => Numeric.Concat(Categorical);
}
