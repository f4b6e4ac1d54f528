namespace Workbench.Drift.Causes;

/// <summary>A number that each row has and whose mean moved: a prediction, an error, a chance of being right.</summary>
/// <param name="Column">Numeric or boolean column of both sides.</param>
public sealed record CauseQuantity(string Column)
{
    /// <summary>What a sentence calls it; the column's name by default.</summary>
    public string Name { get; init; } = Column;

    /// <summary>
    /// Makes the number of the column's value, such as the chance of being right of a score; null takes the value itself.
    /// A result that is not finite leaves the row out.
    /// </summary>
    public Func<double, double>? Transform { get; init; }

    /// <summary>Same as <c>new CauseQuantity(column)</c>.</summary>
    public static implicit operator CauseQuantity(string column) => new(column);
}
