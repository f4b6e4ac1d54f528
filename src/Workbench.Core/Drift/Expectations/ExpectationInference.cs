using Workbench.Data;
using Workbench.Drift.Quality;
using Workbench.Drift.Quality.Scanning;
using Workbench.Drift.Sources;

namespace Workbench.Drift.Expectations;

/// <summary>What a reference is like, as expectations that the reference itself keeps.</summary>
internal sealed class ExpectationInference(ExpectationOptions options)
{
    // With fewer rows, values are different or sorted by chance.
    private const int FewestRows = 10;
    private const int FewestNumbers = 100;
    private const int LongestScale = 32;

    public IReadOnlyList<Expectation> Infer(DuckInput reference, CancellationToken cancellationToken)
    {
        options.Validate();
        if (reference.Rows == 0)
            throw new DataException($"The reference '{reference.Name}' has 0 rows; nothing can be inferred. Widen its window or check its source.") { Origin = reference.Name };
        var table = TableScan.Run(reference, new() { Chooses = column => !options.Exclude.Contains(column), FindsShapes = true, Workers = options.Workers }, cancellationToken);
        return
        [
            Rows(reference, cancellationToken),
            .. options.Exclude.Count == 0 ? [new OtherColumnsExpectation([.. table.Columns.Select(column => column.Column)]) { Severity = QualitySeverity.Warning }] : Array.Empty<Expectation>(),
            .. Duplicates(reference, table, cancellationToken),
            .. RelationInference.Of(reference, table, cancellationToken),
            .. table.Columns.SelectMany(column => OfColumn(column).Select(expectation => expectation with { Column = column.Column })),
        ];
    }

    // One file alone and all of them together both have a usual number of rows.
    private RowsExpectation Rows(DuckInput reference, CancellationToken cancellationToken)
    {
        long least = RowFindings.Parts(reference, cancellationToken).Min();
        return new((long)Math.Max(1, Math.Floor(least / options.RowFactor)), (long)Math.Ceiling(reference.Rows * options.RowFactor));
    }

    private static IEnumerable<Expectation> Duplicates(DuckInput reference, TableProfile table, CancellationToken cancellationToken)
    {
        // Rows with a name of their own cannot be the same.
        if (table.Columns.Any(column => IsName(column) && column.Missing == 0))
            return [];
        using var query = new RelationQuery(reference, cancellationToken);
        return DuplicateFindings.RepeatedRows(query, table) == 0 && table.Columns.Count == reference.Columns.Count ? [new DuplicatesExpectation(0)] : [];
    }

    private IEnumerable<Expectation> OfColumn(ColumnProfile column)
    {
        yield return new PresentExpectation();
        if (column.Present == 0)
            yield break; // what a column without a value holds is not known
        if (column.Kind != ValueKind.Other)
            yield return new TypeExpectation(column.Kind);
        yield return new MissingExpectation(column.Missing == 0 ? 0 : Math.Min(1, Math.Ceiling(Math.Round((1.5 * column.MissingShare + 0.01) * 1000, 6)) / 1000));
        if (column is { Kind: ValueKind.Number, Infinite: 0 } && ColumnSql.HoldsInfinity(column.Kind, column.Type))
            yield return new FiniteExpectation();
        if (IsName(column))
            yield return new UniqueExpectation();
        else if (column.Kind.IsNumeric() && column is { Least: { } least, Greatest: { } greatest })
            yield return ExpectedRange.Around(least, greatest, IsScale(column) ? 0 : options.Margin, column.Kind == ValueKind.Integer) with { Mostly = options.Mostly };
        if (column.Kind == ValueKind.Text)
            yield return OfTexts(column);
        if (column is { Kind: ValueKind.Time, IsRising: true, Distinct: > 1, Present: >= FewestRows })
            yield return new IncreasingExpectation(false);
    }

    // Months, hours, grades, 0 and 1: every number of a short row is there, and there are no others.
    private static bool IsScale(ColumnProfile column) =>
        column is { Kind: ValueKind.Integer, IsDistinctExact: true, Distinct: <= LongestScale } && column.Distinct == column.Greatest - column.Least + 1 && column.Present >= FewestRows * column.Distinct;

    private Expectation OfTexts(ColumnProfile column) =>
        column.Categories is { } categories && categories.Count <= options.MaxCategories
            ? new ValuesExpectation([.. categories.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Key)]) { Mostly = options.Mostly }
        : column.Shape is { } shape && column.Present >= FewestRows ? new PatternExpectation(shape) { Mostly = options.Mostly }
        : new LengthExpectation(1, (long)column.Greatest!.Value * 2) { Mostly = options.Mostly }; // a text that is there has a length

    private static bool IsName(ColumnProfile column) => column.IsUnique && column.Kind switch
    {
        ValueKind.Integer => column.Present >= FewestNumbers || ColumnKinds.Infer(column.Column, column.Type) == DriftColumnKind.Id && column.Present >= FewestRows,
        ValueKind.Text or ValueKind.Other => column.Present >= FewestRows,
        _ => false,
    };
}
