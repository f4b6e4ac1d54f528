using System.Text.Json;
using System.Text.Json.Serialization;
using Workbench.Charts;
using Workbench.Data;
using Workbench.Drift.Numeric;

namespace Workbench.Drift;

/// <summary>
/// How the columns of current rows differ from those of reference rows. Holds shares of bins and categories and never a row.
/// By default a column drifts when its distribution moved far (population stability index or normed Wasserstein distance
/// at or above 0.2) and farther than chance explains (adjusted p-value of Kolmogorov-Smirnov or chi-squared at or below
/// 0.05), when a category appears that the reference lacks (at least 1 % of the rows), when a side has no value at all, or
/// when the type changed.
/// </summary>
public sealed record DriftReport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Name of the reference rows.</summary>
    public required string Reference { get; init; }
    /// <summary>Name of the current rows.</summary>
    public required string Current { get; init; }
    /// <summary>Reference rows.</summary>
    public required long ReferenceRows { get; init; }
    /// <summary>Current rows.</summary>
    public required long CurrentRows { get; init; }
    /// <summary>The compared columns, in the order of the reference.</summary>
    public required IReadOnlyList<ColumnDrift> Columns { get; init; }
    /// <summary>Columns of both sides that were not compared, with the reason.</summary>
    public IReadOnlyList<SkippedColumn> Skipped { get; init; } = [];
    /// <summary>Columns that only the current rows have.</summary>
    public IReadOnlyList<string> NewColumns { get; init; } = [];
    /// <summary>Columns that only the reference has.</summary>
    public IReadOnlyList<string> MissingColumns { get; init; } = [];
    /// <summary>How p-values were adjusted for the number of columns.</summary>
    public required PValueCorrection Correction { get; init; }

    /// <summary>Compared columns that drifted, in the order of the reference.</summary>
    [JsonIgnore]
    public IReadOnlyList<ColumnDrift> Drifted => Columns.Where(column => column.IsDrift).ToList();
    /// <summary>Part of the compared columns that drifted, in [0, 1].</summary>
    public double DriftedShare => Columns.Count == 0 ? 0 : (double)Drifted.Count / Columns.Count;
    /// <summary>True when at least one column drifted. To wait for more, compare <see cref="DriftedShare"/> with a limit.</summary>
    public bool IsDataDrift => Drifted.Count > 0;

    /// <summary>Compares <paramref name="current"/> with <paramref name="reference"/>. No sampling: by default every verdict is that of all rows (<see cref="DriftPrecision"/>).</summary>
    /// <param name="reference">Rows as they should be: a path, a glob, or <see cref="DriftSource.Query"/>.</param>
    /// <param name="current">Rows to judge.</param>
    /// <param name="options">Columns, tests and thresholds; null means the defaults.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="DataException">A side cannot be read, has no rows, shares no column with the other, or the options do not fit.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static DriftReport Compare(DriftSource reference, DriftSource current, DriftOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var left = reference.Open();
        using var right = current.Open();
        return new DriftComparison(left, right, options ?? new()).Run(cancellationToken);
    }

    /// <summary>The same as <see cref="Compare"/> on other threads.</summary>
    public static Task<DriftReport> CompareAsync(DriftSource reference, DriftSource current, DriftOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => Compare(reference, current, options, cancellationToken), cancellationToken);

    /// <summary>Two numeric samples as one column, for a quick look in a notebook; NaN and infinities are left out and noted.</summary>
    /// <exception cref="DataException">A side has no number.</exception>
    public static ColumnDrift CompareNumbers(string column, ReadOnlySpan<double> reference, ReadOnlySpan<double> current, params IReadOnlyList<DriftTest> tests)
    {
        if (reference.Length == 0 || current.Length == 0)
            throw new DataException($"Cannot compare {reference.Length} with {current.Length} values of '{column}'; each side needs one at least.") { Column = column };
        var chosen = tests.Count > 0 ? tests : DriftTests.Preset(DriftColumnKind.Numeric);
        DriftComparison.RequireFit(column, DriftColumnKind.Numeric, chosen);
        var measures = ColumnComparison.Numbers(column, chosen, NumericColumn.Of(reference), NumericColumn.Of(current));
        return DriftDecision.Decide([measures], PValueCorrection.None)[0];
    }

    /// <summary>One picture of all columns first, then one of each column's two distributions.</summary>
    public IReadOnlyList<PlotlyFigure> ToFigures() =>
        [ToSummaryFigure(), .. Columns.Select(column => column.ToFigure()).OfType<PlotlyFigure>()];

    /// <summary>Each column's distance to its threshold.</summary>
    public PlotlyFigure ToSummaryFigure() => DriftFigures.Summary(this);

    /// <summary>The report as indented JSON with camelCase names; <see cref="Parse"/> reads it.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="DataException">The text is no drift report.</exception>
    public static DriftReport Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<DriftReport>(json, Json) ?? throw new DataException("A drift report cannot be null.");
        }
        catch (JsonException failure)
        {
            throw new DataException($"This is no drift report: {failure.Message}", failure);
        }
    }
}
