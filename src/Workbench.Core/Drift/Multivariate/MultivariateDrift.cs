using Workbench.Charts;

namespace Workbench.Drift.Multivariate;

/// <summary>How the rows changed over many columns together.</summary>
public sealed record MultivariateDrift
{
    /// <summary>The columns that were taken together.</summary>
    public required IReadOnlyList<string> Columns { get; init; }
    /// <summary>Reference rows that were taken.</summary>
    public required long ReferenceRows { get; init; }
    /// <summary>Current rows that were taken.</summary>
    public required long CurrentRows { get; init; }
    /// <summary>Estimated where rows were sampled.</summary>
    public required DriftExactness Exactness { get; init; }
    /// <summary>How well principal components restore the rows; null when it was not asked for.</summary>
    public ReconstructionDrift? Reconstruction { get; init; }
    /// <summary>How well a classifier tells the sides apart; null when it was not asked for or rows are too few.</summary>
    public DomainClassifierDrift? Classifier { get; init; }
    /// <summary>The tests that were asked for, over the standardised columns; p-values are adjusted among them.</summary>
    public IReadOnlyList<DriftTestResult> Tests { get; init; } = [];
    /// <summary>True when one of the parts sees drift.</summary>
    public required bool IsDrift { get; init; }
    /// <summary>The findings in sentences.</summary>
    public required string Sentence { get; init; }
    /// <summary>What was left out, or null.</summary>
    public string? Note { get; init; }

    /// <summary>The reconstruction error with its limits, and which columns tell the sides apart.</summary>
    public IReadOnlyList<PlotlyFigure> ToFigures() => MultivariateFigures.Of(this);
}
