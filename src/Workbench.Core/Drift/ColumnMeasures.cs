using Workbench.Drift.Chunks;

namespace Workbench.Drift;

/// <summary>All that was measured of one column, before p-values are adjusted and anything is decided.</summary>
internal sealed record ColumnMeasures
{
    public required string Column { get; init; }
    public required DriftColumnKind Kind { get; init; }
    public ColumnRole Role { get; init; }
    public IReadOnlyList<MeasuredTest> Tests { get; init; } = [];
    /// <summary>A reason for drift that needs no test, or null.</summary>
    public string? CertainDrift { get; init; }
    public IReadOnlyList<CategoryShare> NewCategories { get; init; } = [];
    public IReadOnlyList<CategoryShare> MissingCategories { get; init; } = [];
    public double NullShareReference { get; init; }
    public double NullShareCurrent { get; init; }
    public DriftBins? Bins { get; init; }
    public string? Note { get; init; }
    /// <summary>The chunks; null when there are none.</summary>
    public ChunkStatistics? Chunks { get; init; }
    public Text.TextDrift? Text { get; init; }
    public Embeddings.EmbeddingDrift? Embedding { get; init; }
}
