using Workbench.Drift.Categorical;
using Workbench.Drift.Kernels;
using Workbench.Drift.Numeric;
using Workbench.Drift.Sketches;
using Workbench.Drift.Text;

namespace Workbench.Drift;

/// <summary>A test with its threshold and role, made by <see cref="DriftTests"/>.</summary>
public sealed record DriftTest
{
    internal DriftTest() { }

    /// <summary>Short name, such as ks.</summary>
    public required string Name { get; init; }
    /// <summary>Level of the adjusted p-value or limit of the statistic, as <see cref="Direction"/> says.</summary>
    public required double Threshold { get; init; }
    /// <summary>On which side of the threshold drift lies.</summary>
    public required DriftDirection Direction { get; init; }
    /// <summary>A statistic at or above the threshold is drift only when the adjusted p-value is at or below this level too; null: whatever the p-value.</summary>
    public double? ConfirmLevel { get; init; }
    /// <summary>What the verdict does to the column.</summary>
    public DriftRole Role { get; init; } = DriftRole.Decides;

    /// <summary>From the sorted values, where that is much faster than <see cref="Values"/>; else null.</summary>
    internal Func<NumericPair, DriftMeasure>? Numbers { get; init; }
    /// <summary>From the distinct values of both sides with their rows, which may also stand for the bins of a sketch.</summary>
    internal Func<MergedValues, DriftMeasure>? Values { get; init; }
    /// <summary>From sketches, with bounds; marks the stretches whose values it would need to be exact. Null when only <see cref="Values"/> can take a sketch.</summary>
    internal Func<SketchPair, bool[], DriftMeasure>? Sketch { get; init; }
    internal Func<CategoryPair, DriftMeasure>? Categories { get; init; }
    internal Func<TextPair, DriftMeasure>? Texts { get; init; }
    /// <summary>From rows of several numbers: an embedding, or many columns together.</summary>
    internal Func<VectorPair, DriftMeasure>? Vectors { get; init; }

    /// <summary>The same test that decides by another threshold.</summary>
    internal DriftTest WithThreshold(double threshold) => this with { Threshold = threshold, Role = DriftRole.Decides };

    internal bool Compares(DriftColumnKind kind) => kind switch
    {
        DriftColumnKind.Numeric => (object?)Numbers ?? Values,
        DriftColumnKind.Text => Texts,
        DriftColumnKind.Embedding => Vectors,
        _ => Categories,
    } is not null;

    internal DriftMeasure Measure(NumericPair pair) => (Numbers is { } numbers ? numbers(pair) : Values!(pair.Merged)).Finite(); // Compares(Numeric) was asked before

    internal DriftMeasure Measure(CategoryPair pair) => Categories!(pair).Finite(); // Compares was asked before
}
