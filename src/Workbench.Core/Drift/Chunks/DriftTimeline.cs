using Workbench.Charts;

namespace Workbench.Drift.Chunks;

/// <summary>How the columns moved from chunk to chunk. Holds statistics and never a row.</summary>
public sealed record DriftTimeline
{
    /// <summary>How the rows were split, as <see cref="Chunking.Parse"/> reads it: day, 1000rows, 10chunks.</summary>
    public required string By { get; init; }
    /// <summary>Column with the times; null when the rows were taken in the order of the source.</summary>
    public string? TimeColumn { get; init; }
    /// <summary>A chunk was compared with the reference rows of its own seasons; null: with all.</summary>
    public Season? Season { get; init; }
    /// <summary>Where the limits come from.</summary>
    public required string Threshold { get; init; }
    /// <summary>The chunks of the current rows, in order.</summary>
    public required IReadOnlyList<DriftChunk> Chunks { get; init; }
    /// <summary>Chunks of the reference that have rows.</summary>
    public required int ReferenceChunks { get; init; }
    /// <summary>The compared columns, in the order of the reference.</summary>
    public required IReadOnlyList<ColumnTimeline> Columns { get; init; }
    /// <summary>Part of the columns compared in a chunk that drifted in it, in [0, 1]; null where no column was.</summary>
    public required IReadOnlyList<double?> DriftedShares { get; init; }
    /// <summary>Rows of a chunk, with limits from the reference's chunks where chunks are periods. An alert of it is no drift.</summary>
    public required DriftSeries Rows { get; init; }
    /// <summary>Reference rows without a time; they are in no chunk.</summary>
    public long ReferenceRowsWithoutTime { get; init; }
    /// <summary>Current rows without a time; they are in no chunk.</summary>
    public long CurrentRowsWithoutTime { get; init; }
    /// <summary>What a reader must know.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Columns by chunks first, then the share of drifted columns, then one picture a column.</summary>
    public IReadOnlyList<PlotlyFigure> ToFigures() =>
        [ToHeatmap(), TimelineFigures.Shares(this), .. Columns.Where(column => column.Tests.Count > 0).Select(column => ToFigure(column.Column))];

    /// <summary>Each cell is a column in a chunk: how far its most extreme deciding test went, in upper limits.</summary>
    public PlotlyFigure ToHeatmap() => TimelineFigures.Heatmap(this);

    /// <summary>One deciding test of a column over the chunks: its line, the band of its limits, and the alerts marked.</summary>
    /// <param name="column">A column of <see cref="Columns"/>.</param>
    /// <param name="test">Null takes the one with the most alerts.</param>
    /// <exception cref="ArgumentException">There is no such column or test; the message lists them.</exception>
    public PlotlyFigure ToFigure(string column, string? test = null) => TimelineFigures.Column(this, column, test);
}
