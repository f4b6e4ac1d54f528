using Workbench.Charts;

namespace Workbench.Drift.Multivariate;

/// <summary>How correlations changed from reference to current.</summary>
public sealed record CorrelationDrift
{
    /// <summary>Pearson's, over all rows; null with fewer than two numeric columns.</summary>
    public CorrelationMatrix? Pearson { get; init; }
    /// <summary>Spearman's, over a sample where rows are many; null with fewer than two numeric columns.</summary>
    public CorrelationMatrix? Spearman { get; init; }
    /// <summary>Estimated where ranks and categories are from a sample; Pearson's is exact whatever this says.</summary>
    public required DriftExactness Exactness { get; init; }
    /// <summary>Pairs compared, of all coefficients.</summary>
    public required int Pairs { get; init; }
    /// <summary>Pairs that drifted.</summary>
    public required int DriftedPairs { get; init; }
    /// <summary>The largest changes, drifted ones first.</summary>
    public required IReadOnlyList<CorrelationChange> Changes { get; init; }
    /// <summary>True when a pair drifted.</summary>
    public required bool IsDrift { get; init; }
    /// <summary>The finding in a sentence.</summary>
    public required string Sentence { get; init; }
    /// <summary>What was left out, or null.</summary>
    public string? Note { get; init; }

    /// <summary>Each coefficient as three heat maps: reference, current, difference.</summary>
    public IReadOnlyList<PlotlyFigure> ToFigures() => MultivariateFigures.Of(this);
}
