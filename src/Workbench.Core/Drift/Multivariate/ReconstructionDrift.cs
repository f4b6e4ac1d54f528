namespace Workbench.Drift.Multivariate;

/// <summary>How well the reference's principal components restore rows of both sides.</summary>
public sealed record ReconstructionDrift
{
    /// <summary>Components kept.</summary>
    public required int Components { get; init; }
    /// <summary>Mean error of the reference's parts, in standardised units.</summary>
    public required double ReferenceError { get; init; }
    /// <summary>Mean error of the current rows.</summary>
    public required double CurrentError { get; init; }
    /// <summary>An error below it is drift: mean - 3 standard deviations of the reference's parts; wider when the current rows are fewer than a part's.</summary>
    public required double Lower { get; init; }
    /// <summary>An error above it is drift.</summary>
    public required double Upper { get; init; }
    /// <summary>Mean error of each part of the reference, in order.</summary>
    public required IReadOnlyList<double> ReferenceParts { get; init; }
    /// <summary>Columns by their part in the change of the squared error, the largest first, at most 20.</summary>
    public required IReadOnlyList<ColumnImportance> Importances { get; init; }
    /// <summary>The verdict.</summary>
    public required bool IsDrift { get; init; }
    /// <summary>The finding in a sentence.</summary>
    public required string Sentence { get; init; }
}
