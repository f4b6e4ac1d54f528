namespace Workbench.Drift;

/// <summary>What a test measured, before anything is decided.</summary>
/// <param name="Statistic">The test's own statistic.</param>
/// <param name="PValue">Chance of at least this statistic without drift, or null when the test knows none.</param>
/// <param name="EffectSize">Size of the difference whatever the number of rows, or null when the statistic itself is one.</param>
/// <param name="Note">What a reader must know about this value, or null.</param>
internal readonly record struct DriftMeasure(double Statistic, double? PValue = null, double? EffectSize = null, string? Note = null)
{
    /// <summary>The statistic of all rows lies between these; null when it is exact, or when no bounds are known.</summary>
    public (double Lower, double Upper)? Bounds { get; init; }
    /// <summary>The p-value of all rows lies between these; null when it is exact, or when no bounds are known.</summary>
    public (double Lower, double Upper)? PValueBounds { get; init; }
    /// <summary>How near the statistic is to that of all rows.</summary>
    public DriftExactness Exactness { get; init; } = DriftExactness.Exact;
}
