using Workbench.Data;
using Workbench.Drift.Quality.Scanning;
using Workbench.Drift.Sources;

namespace Workbench.Drift.Quality;

/// <summary>One quality report: scans the sides, lets each kind of finding be looked for.</summary>
internal static class QualityComparison
{
    public static DataQualityReport Run(DuckInput? reference, DuckInput data, DataQualityOptions options, CancellationToken cancellationToken)
    {
        options.Validate(data.Name, data.Columns.Select(column => column.Name).ToList());
        if (reference is { Rows: 0 })
            throw new DataException($"The reference '{reference.Name}' has 0 rows; there is nothing to compare with. Widen its window or check its source.") { Origin = reference.Name };
        var scan = new ScanOptions { Chooses = options.Chooses, Workers = options.Workers };
        var usual = reference is null ? null : TableScan.Run(reference, scan, cancellationToken);
        var found = TableScan.Run(data, scan with { Reference = usual }, cancellationToken);
        return new()
        {
            Data = data.Name,
            Rows = data.Rows,
            Reference = reference?.Name,
            ReferenceRows = reference?.Rows,
            Findings = Findings(reference, data, usual, found, options, cancellationToken).OrderByDescending(finding => finding.Severity).ToList(),
            Columns = found.Columns.Select(column => Figures(column, usual?.Find(column.Column))).ToList(),
        };
    }

    private static List<DataQualityFinding> Findings(
        DuckInput? reference, DuckInput data, TableProfile? usual, TableProfile found, DataQualityOptions options, CancellationToken cancellationToken)
    {
        var rows = RowFindings.Of(reference, data, options.RowFactor, cancellationToken);
        var schema = usual is null ? [] : SchemaFindings.Of(usual, found);
        if (data.Rows == 0)
            return [.. rows, .. schema]; // of no rows there is no more to say
        var columns = found.Columns.SelectMany(column => ColumnFindings.Of(column, usual?.Find(column.Column), options).Concat(CategoryFindings.Of(column, usual?.Find(column.Column), options)));
        return
        [
            .. rows, .. schema, .. columns,
            .. FreshnessFindings.Of(found, options),
            .. DuplicateFindings.Of(data, found, options, cancellationToken),
            .. options.TwinColumns ? TwinColumns.Of(data, found, cancellationToken) : [],
        ];
    }

    private static ColumnQuality Figures(ColumnProfile column, ColumnProfile? usual) => new()
    {
        Column = column.Column,
        Type = column.Type,
        Missing = column.Missing,
        MissingShare = column.MissingShare,
        ReferenceMissingShare = usual?.MissingShare,
        Distinct = column.Distinct,
        IsDistinctExact = column.IsDistinctExact,
        Least = Edge(column, column.Least),
        Greatest = Edge(column, column.Greatest),
        Mean = column.Kind.IsNumeric() ? column.Mean : null,
        Usual = column.Kind.IsNumeric() && column.IsUnique ? null : column.Usual?.Value,
        UsualShare = column.Usual is { } most && column.Present > 0 ? (double)most.Rows / column.Present : null,
    };

    private static string? Edge(ColumnProfile column, double? value) => value is not { } edge ? null : column.Kind switch
    {
        ValueKind.Time => QualityText.Time(edge),
        ValueKind.Text => QualityText.Number(edge) + (edge == 1 ? " character" : " characters"),
        ValueKind.Boolean => edge == 0 ? "false" : "true",
        _ => QualityText.Number(edge),
    };
}
