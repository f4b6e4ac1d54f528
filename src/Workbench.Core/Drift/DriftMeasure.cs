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
    /// <summary>95 % confidence interval of the effect size; null where none is usual or a side is too small for one.</summary>
    public (double Lower, double Upper)? Confidence { get; init; }

    /// <summary>What a test by p-value says when it cannot be made: no difference seen.</summary>
    public static DriftMeasure Untestable(string why) => new(0, 1, null, why);

    /// <summary>The same without NaN and infinities, which JSON cannot hold and no threshold can judge.</summary>
    public DriftMeasure Finite()
    {
        if (double.IsFinite(Statistic) && double.IsFinite(PValue ?? 0) && double.IsFinite(EffectSize ?? 0) && IsFinite(Bounds) && IsFinite(Confidence))
            return this;
        if (double.IsNaN(Statistic) || double.IsNaN(PValue ?? 0))
            return this with { Statistic = 0, PValue = PValue is null ? null : 1, EffectSize = null, Bounds = null, Confidence = null, Note = Join("The values are too far apart for double precision; the test saw nothing.") };
        return this with
        {
            Statistic = double.IsFinite(Statistic) ? Statistic : Math.CopySign(double.MaxValue, Statistic),
            EffectSize = double.IsFinite(EffectSize ?? 0) ? EffectSize : null,
            Bounds = IsFinite(Bounds) ? Bounds : null,
            Confidence = IsFinite(Confidence) ? Confidence : null,
            Note = double.IsFinite(Statistic) ? Note : Join("The statistic is infinite."),
        };
    }

    private string Join(string note) => Note is null ? note : $"{Note} {note}";

    private static bool IsFinite((double Lower, double Upper)? range) => range is not { } both || (double.IsFinite(both.Lower) && double.IsFinite(both.Upper));
}
