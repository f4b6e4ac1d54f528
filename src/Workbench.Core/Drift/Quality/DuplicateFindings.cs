using Workbench.Data;
using Workbench.Drift.Quality.Scanning;
using Workbench.Drift.Sources;

namespace Workbench.Drift.Quality;

/// <summary>Rows that are there more than once.</summary>
internal static class DuplicateFindings
{
    // Rows that differ in one of these differ; the columns of most values show it soonest.
    private const int TellingColumns = 3;

    public static IEnumerable<DataQualityFinding> Of(DuckInput data, TableProfile found, DataQualityOptions options, CancellationToken cancellationToken)
    {
        using var query = new RelationQuery(data, cancellationToken);
        if (options.Key.Count > 0 && RepeatedKeys(query, options.Key) is > 0 and var keys)
            yield return Finding(QualitySeverity.Error, QualityCheck.DuplicateKey, keys, data.Rows, options.Key.Count == 1 ? options.Key[0] : null, $"have the key of another ({string.Join(", ", options.Key)})");
        if (options.DuplicateRows && found.Columns.Count > 0 && RepeatedRows(query, found) is > 0 and var rows)
            yield return Finding(QualitySeverity.Warning, QualityCheck.DuplicateRows, rows, data.Rows, null, "are the same as another in every column");
    }

    private static long RepeatedKeys(RelationQuery query, IReadOnlyList<string> key)
    {
        string columns = string.Join(", ", key.Select(DuckSession.Identifier));
        return query.Count($"SELECT count(*) - count(DISTINCT ({columns})) FROM {query.Relation} WHERE ({columns}) IS NOT NULL");
    }

    /// <summary>Rows beyond the first of their kind, among the columns that were scanned.</summary>
    internal static long RepeatedRows(RelationQuery query, TableProfile found)
    {
        if (found.Columns.Any(column => column.IsUnique && column.Missing == 0))
            return 0;
        var telling = found.Columns.OrderByDescending(column => column.Distinct).Take(TellingColumns).ToList();
        return telling.Count < found.Columns.Count && RowHashes.Repeated(query, telling, found.Rows) == 0 ? 0 : RowHashes.Repeated(query, found.Columns, found.Rows);
    }

    private static DataQualityFinding Finding(QualitySeverity severity, QualityCheck check, long repeated, long rows, string? column, string what) => new()
    {
        Severity = severity, Check = check, Column = column, Rows = repeated, Value = QualityText.Share((double)repeated / rows), Allowed = "none",
        What = $"{QualityText.Rows(repeated)} {what}.", Advice = "Look for a file that was loaded twice, or a join that multiplied rows; keep one of each.",
    };
}
