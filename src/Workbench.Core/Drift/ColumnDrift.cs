using System.Text.Json.Serialization;
using Workbench.Charts;

namespace Workbench.Drift;

/// <summary>How one column changed from reference to current.</summary>
public sealed record ColumnDrift
{
    /// <summary>Name.</summary>
    public required string Column { get; init; }
    /// <summary>How it was compared.</summary>
    public required DriftColumnKind Kind { get; init; }
    /// <summary>What the column is to the model.</summary>
    public ColumnRole Role { get; init; }
    /// <summary>The tests; empty when a side has no values or the type changed, which <see cref="Note"/> then says.</summary>
    public required IReadOnlyList<DriftTestResult> Tests { get; init; }
    /// <summary>The verdict.</summary>
    public required bool IsDrift { get; init; }
    /// <summary>Why it drifted, for a reader; null when it did not.</summary>
    public string? Reason { get; init; }
    /// <summary>Categories of the current rows that the reference lacks, the most frequent first; at most 100.</summary>
    public IReadOnlyList<CategoryShare> NewCategories { get; init; } = [];
    /// <summary>Categories of the reference that the current rows lack, with their rows there; the most frequent first; at most 100.</summary>
    public IReadOnlyList<CategoryShare> MissingCategories { get; init; } = [];
    /// <summary>Part of the reference rows that are NULL, in [0, 1].</summary>
    public required double NullShareReference { get; init; }
    /// <summary>Part of the current rows that are NULL, in [0, 1].</summary>
    public required double NullShareCurrent { get; init; }
    /// <summary>Both distributions for a picture; null when the type changed.</summary>
    public DriftBins? Bins { get; init; }
    /// <summary>What changed in the words, lengths and languages of a text column; null for others.</summary>
    public Text.TextDrift? Text { get; init; }
    /// <summary>What changed in an embedding; null for other columns.</summary>
    public Embeddings.EmbeddingDrift? Embedding { get; init; }
    /// <summary>What is odd about the column: all NULL, constant, infinite values, another type; null when nothing is.</summary>
    public string? Note { get; init; }

    /// <summary>The deciding test that went farthest towards drift or beyond; null when no test decides.</summary>
    [JsonIgnore]
    public DriftTestResult? Foremost => Tests.Where(test => test.Role == DriftRole.Decides).MaxBy(test => test.Distance);
    /// <summary>How far the column went, in thresholds of its <see cref="Foremost"/> test: 0 is no difference, 1 the threshold, and 1 for drift without a test. For sorting and for pictures; the verdict is <see cref="IsDrift"/>.</summary>
    [JsonIgnore]
    public double Distance => Foremost?.Distance ?? (IsDrift ? 1 : 0);

    /// <summary>Both distributions in one picture; null when there is nothing to draw.</summary>
    public PlotlyFigure? ToFigure() => DriftFigures.Column(this);

    /// <summary>All pictures of the column: both distributions, and what more there is of a text or an embedding.</summary>
    public IReadOnlyList<PlotlyFigure> ToFigures() =>
        [.. ToFigure() is { } figure ? (PlotlyFigure[])[figure] : [], .. Text?.ToFigures(Column) ?? [], .. Embedding is { } embedding ? (PlotlyFigure[])[embedding.ToFigure(Column)] : []];
}
