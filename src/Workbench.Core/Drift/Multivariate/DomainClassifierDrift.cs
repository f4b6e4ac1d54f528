namespace Workbench.Drift.Multivariate;

/// <summary>How well a classifier that has seen other rows tells current rows from reference rows.</summary>
public sealed record DomainClassifierDrift
{
    /// <summary>What learned.</summary>
    public required DomainLearner Learner { get; init; }
    /// <summary>Area under the curve over five parts, each judged by a model of the other four: 0.5 is chance, 1 is perfect.</summary>
    public required double Area { get; init; }
    /// <summary>Lower end of its 95 % interval (DeLong).</summary>
    public required double AreaLower { get; init; }
    /// <summary>Upper end of it.</summary>
    public required double AreaUpper { get; init; }
    /// <summary>Chance of at least this area when the sides are alike, one-sided.</summary>
    public required double PValue { get; init; }
    /// <summary>An area below it is drift.</summary>
    public required double Lower { get; init; }
    /// <summary>An area above it is drift.</summary>
    public required double Upper { get; init; }
    /// <summary>Columns by their part in telling the sides apart (gains of the trees' splits, or weights times deviations), the largest first, at most 20.</summary>
    public required IReadOnlyList<ColumnImportance> Importances { get; init; }
    /// <summary>The area lies outside the limits, and 0.5 outside its interval.</summary>
    public required bool IsDrift { get; init; }
    /// <summary>The finding in a sentence.</summary>
    public required string Sentence { get; init; }
}
