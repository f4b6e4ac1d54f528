using System.Globalization;
using System.Text.Json.Serialization;

namespace Workbench.Drift;

/// <summary>What one test found in one column.</summary>
public sealed record DriftTestResult
{
    /// <summary>Name of the test, such as psi.</summary>
    public required string Test { get; init; }
    /// <summary>The test's statistic; 0 means equal distributions, or what chance alone gives on average. Never NaN or infinite.</summary>
    public required double Statistic { get; init; }
    /// <summary>The statistic of all rows is at least this; null unless <see cref="Exactness"/> is bounded.</summary>
    public double? Lower { get; init; }
    /// <summary>The statistic of all rows is at most this; null unless <see cref="Exactness"/> is bounded.</summary>
    public double? Upper { get; init; }
    /// <summary>How near the statistic is to that of all rows.</summary>
    public DriftExactness Exactness { get; init; }
    /// <summary>Chance of at least this statistic without drift, in [0, 1]; null for a test without one.</summary>
    public double? PValue { get; init; }
    /// <summary><see cref="PValue"/> after the report's correction for many columns.</summary>
    public double? AdjustedPValue { get; init; }
    /// <summary>Size of the difference whatever the number of rows; null where the statistic itself is that. See the test.</summary>
    public double? EffectSize { get; init; }
    /// <summary>Lower end of the 95 % confidence interval of <see cref="EffectSize"/>; null where none is usual.</summary>
    public double? ConfidenceLower { get; init; }
    /// <summary>Upper end of the 95 % confidence interval of <see cref="EffectSize"/>; null where none is usual.</summary>
    public double? ConfidenceUpper { get; init; }
    /// <summary>Limit of the statistic or level of the adjusted p-value, as <see cref="Direction"/> says.</summary>
    public required double Threshold { get; init; }
    /// <summary>Which value is compared with the threshold, and which side of it is drift.</summary>
    public required DriftDirection Direction { get; init; }
    /// <summary>True when the adjusted p-value is compared with the threshold, false when the statistic is.</summary>
    [JsonIgnore]
    public bool IsByPValue => Direction.IsByPValue();
    /// <summary>The adjusted p-value must also be at or below this level; null where it need not.</summary>
    public double? ConfirmLevel { get; init; }
    /// <summary>What this verdict does to the column.</summary>
    public required DriftRole Role { get; init; }
    /// <summary>True when this test alone sees drift.</summary>
    public required bool IsDrift { get; init; }
    /// <summary>What a reader must know about the value, or null.</summary>
    public string? Note { get; init; }

    /// <summary>The size of the difference: <see cref="EffectSize"/>, or the statistic where it is itself that; null for a p-value's test without either.</summary>
    [JsonIgnore]
    public double? Size => EffectSize ?? (IsByPValue ? null : Statistic);
    /// <summary>How far the value went towards drift, in thresholds: 1 is the threshold. A p-value that sees drift counts as 1 and the effect size, because it says nothing about the size of a difference.</summary>
    [JsonIgnore]
    public double Distance => IsByPValue
        ? IsDrift ? 1 + Math.Abs(EffectSize ?? 0) : AdjustedPValue is > 0 and { } p ? Math.Min(1, Threshold / p) : 0
        : Math.Max(0, Statistic / Threshold);

    /// <summary>In words, such as "psi 0.924 ≥ 0.2" or "ks p 0.31 &gt; 0.05".</summary>
    public override string ToString() => IsByPValue
        ? string.Create(CultureInfo.InvariantCulture, $"{Test} p {AdjustedPValue:G2} {Sign} {Threshold:G3}")
        : string.Create(CultureInfo.InvariantCulture, $"{Test} {Statistic:G3} {Sign} {Threshold:G3}");

    // A statistic beyond its threshold is no drift when its p-value does not confirm it; the sign stays true.
    private string Sign => Direction.IsDrift(Statistic, AdjustedPValue, Threshold) ? Direction.Sign() : Direction.OppositeSign();
}
