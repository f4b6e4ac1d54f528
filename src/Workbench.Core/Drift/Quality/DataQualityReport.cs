using System.Text.Json;
using Workbench.Charts;
using Workbench.Data;
using Workbench.Drift.Quality.Scanning;

namespace Workbench.Drift.Quality;

/// <summary>
/// What is wrong or odd in rows, alone or against a reference: missing, duplicate and constant values, ranges, categories, types,
/// columns, row count, freshness. Holds figures and a column's few categories, and never a row.
/// </summary>
/// <example><code>
/// var quality = DataQualityReport.Compare("churn/2024-*.parquet", "churn/2025-01.parquet", new() { Key = ["row_id"] });
/// foreach (var finding in quality.Findings)
///     Console.WriteLine($"{finding.Severity}: {finding.What}");
/// </code></example>
public sealed record DataQualityReport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Name of the rows.</summary>
    public required string Data { get; init; }
    /// <summary>How many they are.</summary>
    public required long Rows { get; init; }
    /// <summary>Name of the reference; null without one.</summary>
    public string? Reference { get; init; }
    /// <summary>Its rows; null without one.</summary>
    public long? ReferenceRows { get; init; }
    /// <summary>What was found, the worst first.</summary>
    public required IReadOnlyList<DataQualityFinding> Findings { get; init; }
    /// <summary>The columns in their order.</summary>
    public required IReadOnlyList<ColumnQuality> Columns { get; init; }

    /// <summary>The worst severity; null without a finding.</summary>
    public QualitySeverity? Worst => Findings.Count == 0 ? null : Findings.Max(finding => finding.Severity);
    /// <summary>True when no finding is an error.</summary>
    public bool Passed => Worst is not QualitySeverity.Error;

    /// <summary>Looks at rows by themselves.</summary>
    /// <exception cref="DataException">They cannot be read, or the options do not fit.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static DataQualityReport Of(DriftSource data, DataQualityOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        using var opened = data.OpenRows(cancellationToken);
        return QualityComparison.Run(null, RelationWorkers.Require(opened), options ?? new(), cancellationToken);
    }

    /// <summary>Looks at rows, and at how they differ from a reference. What the reference has too is information only.</summary>
    /// <exception cref="DataException">A side cannot be read, the reference has no rows, or the options do not fit.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static DataQualityReport Compare(DriftSource reference, DriftSource data, DataQualityOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(data);
        using var left = reference.OpenRows(cancellationToken);
        using var right = data.OpenRows(cancellationToken);
        return QualityComparison.Run(RelationWorkers.Require(left), RelationWorkers.Require(right), options ?? new(), cancellationToken);
    }

    /// <summary>The columns that miss most values, beside the reference's; null when none is missing.</summary>
    public PlotlyFigure? ToMissingFigure() => QualityFigures.Missing(this);

    /// <summary>The report as indented JSON with camelCase names; <see cref="Parse"/> reads it.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="DataException">The text is no quality report.</exception>
    public static DataQualityReport Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<DataQualityReport>(json, Json) ?? throw new DataException("A quality report cannot be null.");
        }
        catch (JsonException failure)
        {
            throw new DataException($"This is no quality report: {failure.Message}", failure);
        }
    }
}
