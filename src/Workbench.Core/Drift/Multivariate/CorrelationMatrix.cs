namespace Workbench.Drift.Multivariate;

/// <summary>The coefficients of all pairs on both sides, rounded to six digits; null where a column is constant or rows are too few.</summary>
public sealed record CorrelationMatrix
{
    /// <summary>D columns.</summary>
    public required IReadOnlyList<string> Columns { get; init; }
    /// <summary>[D][D] of the reference; 1 with itself.</summary>
    public required IReadOnlyList<IReadOnlyList<double?>> Reference { get; init; }
    /// <summary>[D][D] of the current rows.</summary>
    public required IReadOnlyList<IReadOnlyList<double?>> Current { get; init; }

    /// <summary>[D][D] current less reference, in [-2, 2].</summary>
    public IReadOnlyList<IReadOnlyList<double?>> Difference() =>
        [.. Current.Zip(Reference, (current, reference) => (IReadOnlyList<double?>)[.. current.Zip(reference, (y, x) => y - x)])];
}
