using Workbench.Drift.Categorical;
using Workbench.Drift.Numeric;
using Workbench.Drift.Sketches;

namespace Workbench.Drift.Sources;

/// <summary>Reads some columns from a copy and all others from the source.</summary>
internal sealed class CopiedReader(ColumnReader source, ColumnReader copy, IReadOnlySet<string> copied) : ColumnReader
{
    public override bool CanReadRows => copy.CanReadRows;

    public override bool CanReadRowsOf(string column) => Of(column).CanReadRows;

    public override NumericColumn Numbers(string column, CancellationToken cancellationToken) => Of(column).Numbers(column, cancellationToken);

    public override CategoryColumn Categories(string column, CancellationToken cancellationToken) => Of(column).Categories(column, cancellationToken);

    public override long Count(string column, CancellationToken cancellationToken) => Of(column).Count(column, cancellationToken);

    public override long Distinct(string column, CancellationToken cancellationToken) => Of(column).Distinct(column, cancellationToken);

    public override IReadOnlyList<NumericSketch> Sketch(IReadOnlyList<string> columns, CancellationToken cancellationToken) =>
        columns.Any(copied.Contains)
            ? [.. columns.Select(column => Of(column).Sketch([column], cancellationToken)[0])]
            : source.Sketch(columns, cancellationToken);

    public override NumericColumn NumbersIn(string column, IReadOnlyList<(double Low, double High)> ranges, CancellationToken cancellationToken) => Of(column).NumbersIn(column, ranges, cancellationToken);

    public override CategorySketch SketchCategories(string column, CancellationToken cancellationToken) => Of(column).SketchCategories(column, cancellationToken);

    public override IReadOnlyList<string> Samples(string column, int count, CancellationToken cancellationToken) => Of(column).Samples(column, count, cancellationToken);

    public override TextNumbers TextNumbers(string column, CancellationToken cancellationToken) => Of(column).TextNumbers(column, cancellationToken);

    public override void Rows(IReadOnlyList<RowColumn> columns, long? limit, Action<RowChunk> onChunk, CancellationToken cancellationToken) =>
        (columns.All(column => copied.Contains(column.Name)) ? copy : source).Rows(columns, limit, onChunk, cancellationToken);

    public override void Dispose()
    {
        source.Dispose();
        copy.Dispose();
    }

    private ColumnReader Of(string column) => copied.Contains(column) ? copy : source;
}
