using Workbench.Data;
using Workbench.Drift.Categorical;
using Workbench.Drift.Numeric;
using Workbench.Drift.Sketches;

namespace Workbench.Drift.Sources;

/// <summary>Hands out the sketches of a profile.</summary>
internal sealed class ProfileReader(string name, DriftProfile profile) : ColumnReader
{
    private readonly Dictionary<string, DriftProfileColumn> _columns = profile.Columns.ToDictionary(column => column.Name, StringComparer.Ordinal);

    public override NumericColumn Numbers(string column, CancellationToken cancellationToken) => throw new DataException(
        $"What was asked of column '{column}' needs the rows themselves, and '{name}' is a profile. Compare with the rows, or choose tests that take sketches.") { Origin = name, Column = column };

    public override CategoryColumn Categories(string column, CancellationToken cancellationToken)
    {
        var sketch = SketchCategories(column, cancellationToken);
        return new(sketch.Counts, sketch.Nulls);
    }

    public override long Count(string column, CancellationToken cancellationToken) => _columns[column] is { Numbers: { } numbers }
        ? numbers.Count + numbers.NotFinite
        : _columns[column].Categories?.Count ?? profile.Rows;

    public override long Distinct(string column, CancellationToken cancellationToken) => _columns[column] is { Numbers: { } numbers }
        ? numbers.Bins.Length
        : _columns[column].Categories?.Counts.Count ?? 0;

    public override IReadOnlyList<NumericSketch> Sketch(IReadOnlyList<string> columns, CancellationToken cancellationToken) =>
        columns.Select(column => _columns[column].Numbers ?? throw Missing(column, DriftColumnKind.Numeric)).ToList();

    public override CategorySketch SketchCategories(string column, CancellationToken cancellationToken) =>
        _columns[column].Categories ?? throw Missing(column, DriftColumnKind.Categorical);

    public override void Dispose() { }

    private DataException Missing(string column, DriftColumnKind kind) => new(
        $"The profile '{name}' took column '{column}' for {_columns[column].Kind}, and it is to be compared as {kind}. Leave it out, or profile the data again with that kind.") { Origin = name, Column = column };
}
