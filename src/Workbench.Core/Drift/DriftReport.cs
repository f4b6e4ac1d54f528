using System.Text.Json.Serialization;
using Workbench.Charts;
using Workbench.Data;
using Workbench.Drift.Causes;
using Workbench.Drift.Chunks;
using Workbench.Drift.Multivariate;
using Workbench.Drift.Numeric;
using Workbench.Drift.Quality;
using Workbench.Drift.Sources;

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
    /// <summary>Version of the JSON that <see cref="ToJson"/> writes. It rises when older readers would misread a report, not with each new property.</summary>
    [JsonPropertyOrder(-1)]
    public int SchemaVersion { get; init; } = DriftReportJson.Version;
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
    /// <summary>Why predictions, errors or the rows moved; null when <see cref="DriftOptions.Causes"/> did not ask.</summary>
    public DriftCauses? Causes { get; init; }
    /// <summary>How the rows changed over many columns together; null unless <see cref="DriftOptions.Multivariate"/> asked for it. It has a verdict of its own, which no column's depends on.</summary>
    public MultivariateDrift? Multivariate { get; init; }
    /// <summary>How correlations of pairs of columns changed; null unless <see cref="DriftOptions.Correlations"/> asked for it. It has a verdict of its own.</summary>
    public CorrelationDrift? Correlations { get; init; }
    /// <summary>How p-values were adjusted for the number of columns.</summary>
    public required PValueCorrection Correction { get; init; }
    /// <summary>Whose tests and rules stood where the options said nothing.</summary>
    public DriftPreset Preset { get; init; }
    /// <summary>The data set drifts from this <see cref="DriftedShare"/> on; null: as soon as one column that counts drifts.</summary>
    public double? DriftShare { get; init; }
    /// <summary>Roles whose columns count in the verdict on the data set; by default features alone, since target and prediction are consequences and have verdicts of their own.</summary>
    public IReadOnlyList<ColumnRole> Counted { get; init; } = [ColumnRole.Feature];
    /// <summary>What else is wrong or odd in the current rows; null unless <see cref="DriftOptions.Quality"/> asks for it.</summary>
    public DataQualityReport? Quality { get; init; }
    /// <summary>What a reader must know about the whole comparison.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
    /// <summary>How the columns moved from chunk to chunk; null unless <see cref="DriftOptions.Chunks"/> asked for it.</summary>
    public DriftTimeline? Timeline { get; init; }

    /// <summary>How the target changed; null when none was named or compared.</summary>
    [JsonIgnore]
    public ColumnDrift? Target => Columns.FirstOrDefault(column => column.Role == ColumnRole.Target);
    /// <summary>How the model's answers changed; null when no column was named or compared.</summary>
    [JsonIgnore]
    public ColumnDrift? Prediction => Columns.FirstOrDefault(column => column.Role == ColumnRole.Prediction);

    /// <summary>Compared columns of any role that drifted, in the order of the reference.</summary>
    [JsonIgnore]
    public IReadOnlyList<ColumnDrift> Drifted => Columns.Where(column => column.IsDrift).ToList();
    /// <summary>All compared columns: those that drifted first, then by their <see cref="ColumnDrift.Distance"/>, the farthest first.</summary>
    [JsonIgnore]
    public IReadOnlyList<ColumnDrift> BySeverity => Columns.OrderByDescending(column => column.IsDrift).ThenByDescending(column => column.Distance).ToList();
    /// <summary>Part of the compared columns of the <see cref="Counted"/> roles that drifted, in [0, 1].</summary>
    public double DriftedShare => Columns.Where(Counts).Select(column => column.IsDrift ? 1.0 : 0).DefaultIfEmpty(0).Average();
    /// <summary>The verdict on the data set, as <see cref="DriftShare"/> says; columns of other roles than <see cref="Counted"/> do not count.</summary>
    public bool IsDataDrift => DriftShare is { } share ? DriftedShare >= share : Columns.Any(column => column.IsDrift && Counts(column));

    /// <summary>Compares <paramref name="current"/> with <paramref name="reference"/>. No sampling: by default every verdict is that of all rows (<see cref="DriftPrecision"/>).</summary>
    /// <param name="reference">Rows as they should be: a text that <see cref="DriftSource.Parse"/> reads, such as a path or a glob, or another <see cref="DriftSource"/>.</param>
    /// <param name="current">Rows to judge.</param>
    /// <param name="options">Columns, tests and thresholds; null means the defaults.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="DataException">A side cannot be read, has no rows, shares no column with the other, or the options do not fit.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static DriftReport Compare(DriftSource reference, DriftSource current, DriftOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var sides = OpenedSides.Open(reference, current, cancellationToken);
        using var rows = RowCopies.Of(sides.Reference, sides.Current, options ?? new(), cancellationToken);
        return new DriftComparison(rows.Reference, rows.Current, options ?? new()).Run(cancellationToken);
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

    /// <summary>One picture of all columns first, then one of each column's two distributions (more of texts and embeddings), then those of many columns together.</summary>
    public IReadOnlyList<PlotlyFigure> ToFigures() =>
        [ToSummaryFigure(), .. Columns.SelectMany(column => column.ToFigures()), .. Multivariate?.ToFigures() ?? [], .. Correlations?.ToFigures() ?? []];

    /// <summary>Each column's distance to its threshold.</summary>
    public PlotlyFigure ToSummaryFigure() => DriftFigures.Summary(this);

    private bool Counts(ColumnDrift column) => Counted.Contains(column.Role);

    /// <summary>The report as indented JSON with camelCase names; <see cref="Parse"/> reads it, <see cref="JsonSchema"/> describes it.</summary>
    public string ToJson() => DriftReportJson.Write(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="DataException">The text is no drift report, or one of a newer <see cref="SchemaVersion"/>.</exception>
    public static DriftReport Parse(string json) => DriftReportJson.Read(json);

    /// <summary>The JSON Schema (draft 2020-12) of <see cref="ToJson"/>; also in docs/drift.schema.json.</summary>
    public static string JsonSchema() => DriftReportJson.Schema();
}
