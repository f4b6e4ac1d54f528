using Workbench.Drift.Categorical;
using Workbench.Drift.Numeric;
using Workbench.Drift.Presets;
using Workbench.Drift.Sources;

namespace Workbench.Drift.Chunks;

/// <summary>Reads one column of both sides once, and measures it as a whole and in chunks.</summary>
internal sealed record ChunkedComparison(ChunkPlan Plan, DriftOptions Options, long ReferenceRows, long CurrentRows)
{
    /// <param name="column">Name.</param>
    /// <param name="kind">Kind.</param>
    /// <param name="chosen">Its tests; null when the preset decides.</param>
    /// <param name="reference">Reads the reference.</param>
    /// <param name="current">Reads the current rows.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public ColumnMeasures Measure(
        string column, DriftColumnKind kind, IReadOnlyList<DriftTest>? chosen, ColumnReader reference, ColumnReader current, CancellationToken cancellationToken)
    {
        if (Plan.Season is not null && Plan.Current.Seasons == 0)
            return new() { Column = column, Kind = kind, Note = $"Not compared: {Plan.Lacks(Plan.Current.StrangeSeasons)}." };
        return kind == DriftColumnKind.Numeric
            ? Numbers(column, chosen, reference, current, cancellationToken)
            : Categories(column, kind, chosen, reference, current, cancellationToken);
    }

    private ColumnMeasures Numbers(string column, IReadOnlyList<DriftTest>? chosen, ColumnReader reference, ColumnReader current, CancellationToken cancellationToken)
    {
        var left = TaggedNumbers.Read(reference, column, Plan.Reference, ReferenceRows, cancellationToken);
        var right = TaggedNumbers.Read(current, column, Plan.Current, CurrentRows, cancellationToken);
        NumericColumn whole = left.Whole(Plan.Current.Seasons), rows = right.Whole(0);
        var tests = chosen ?? Options.Rules.Choose(ColumnSize.Of(whole, rows));
        var measures = ColumnComparison.Numbers(column, tests, whole, rows);
        if (Plan.Chunking is null)
            return measures;
        // Without seasons every chunk has the same reference, which is sorted already.
        Func<uint, NumericColumn> select = Plan.Season is null ? _ => whole : left.Whole;
        var chunks = new NumericChunks(select, left, right);
        return measures with { Chunks = chunks.Run(Plan, tests, (left.NullsOfChunk, right.NullsOfChunk), cancellationToken) };
    }

    private ColumnMeasures Categories(
        string column, DriftColumnKind kind, IReadOnlyList<DriftTest>? chosen, ColumnReader reference, ColumnReader current, CancellationToken cancellationToken)
    {
        var left = TaggedCategories.Read(reference, column, Plan.Reference, cancellationToken);
        var right = TaggedCategories.Read(current, column, Plan.Current, cancellationToken);
        CategoryColumn whole = left.Whole(Plan.Current.Seasons), rows = right.Whole(0);
        var tests = chosen ?? Options.Rules.Choose(ColumnSize.Of(kind, whole, rows));
        var measures = ColumnComparison.Categories(column, kind, tests, whole, rows, Options.NewCategoryShare);
        return Plan.Chunking is null
            ? measures
            : measures with { Chunks = new CategoryChunks(left, right).Run(Plan, tests, (left.NullsOfChunk, right.NullsOfChunk), cancellationToken) };
    }
}
