using Workbench.Drift.Quality.Scanning;
using Workbench.Drift.Sources;

namespace Workbench.Drift.Quality;

/// <summary>Whether there are as many rows as usual.</summary>
internal static class RowFindings
{
    private const double FactorOfFiles = 2;
    private const double FactorOfTheWhole = 10;

    public static IEnumerable<DataQualityFinding> Of(DuckInput? reference, DuckInput data, double? factor, CancellationToken cancellationToken)
    {
        if (data.Rows == 0)
            return [Finding(QualitySeverity.Error, data, 0, "at least 1", "There is no row.", "Check the window, the filter and the source.")];
        if (reference is null)
            return [];
        var parts = Parts(reference, cancellationToken);
        bool hasFiles = parts.Count > 1;
        double times = factor ?? (hasFiles ? FactorOfFiles : FactorOfTheWhole);
        // A file is held against files, not against all of them together.
        var rows = hasFiles ? Parts(data, cancellationToken) : [data.Rows];
        double least = (hasFiles ? parts.Min() : reference.Rows) / times, most = (hasFiles ? parts.Max() : reference.Rows) * times;
        long few = rows.Min(), many = rows.Max();
        if (few >= least && many <= most)
            return [];
        long odd = few < least ? few : many;
        return [Finding(
            QualitySeverity.Warning, data, odd, FormattableString.Invariant($"{Math.Ceiling(least):N0} to {Math.Floor(most):N0}"),
            $"{(hasFiles && rows.Count > 1 ? "A file has" : "There are")} {QualityText.Rows(odd)}; {(hasFiles ? FormattableString.Invariant($"a file of the reference has {parts.Min():N0} to {parts.Max():N0}") : $"the reference has {QualityText.Rows(reference.Rows)}")}.",
            odd == few ? "Look for a load that broke off, or a filter." : "Look for rows that were loaded twice, or a window that grew.")];
    }

    private static DataQualityFinding Finding(QualitySeverity severity, DuckInput data, long rows, string allowed, string what, string advice) => new()
    {
        Severity = severity, Check = QualityCheck.RowCount, Rows = rows, Value = QualityText.Rows(rows), Allowed = allowed, What = what, Advice = advice,
    };

    /// <summary>Rows of each file; of a side that is no Parquet files, its rows.</summary>
    internal static IReadOnlyList<long> Parts(DuckInput input, CancellationToken cancellationToken)
    {
        if (!input.Relation.StartsWith("read_parquet(", StringComparison.Ordinal))
            return [input.Rows];
        using var query = new RelationQuery(input, cancellationToken);
        return query.Rows($"SELECT count(*) FROM {input.Relation} GROUP BY filename").Select(row => (long)row[0]!).DefaultIfEmpty(0).ToList(); // a count is never NULL
    }
}
