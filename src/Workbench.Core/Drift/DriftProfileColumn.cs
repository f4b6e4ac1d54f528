using Workbench.Drift.Sketches;

namespace Workbench.Drift;

/// <summary>One column of a <see cref="DriftProfile"/>.</summary>
public sealed record DriftProfileColumn
{
    internal DriftProfileColumn() { }

    /// <summary>Name.</summary>
    public required string Name { get; init; }
    /// <summary>Type, as DuckDB calls it.</summary>
    public required string Type { get; init; }
    /// <summary>How it is compared; columns that are not compared (ids, dates, lists) have a name and a type only.</summary>
    public required DriftColumnKind Kind { get; init; }
    /// <summary>True when the profile holds the column's whole distribution, so that comparisons with it are exact.</summary>
    public bool IsExact => Numbers?.IsExact ?? Categories?.IsExact ?? false;

    internal NumericSketch? Numbers { get; init; }
    internal CategorySketch? Categories { get; init; }
}
