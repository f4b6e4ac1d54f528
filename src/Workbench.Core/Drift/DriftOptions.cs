using Workbench.Data;
using Workbench.Drift.Causes;
using Workbench.Drift.Chunks;
using Workbench.Drift.Embeddings;
using Workbench.Drift.Multivariate;
using Workbench.Drift.Presets;
using Workbench.Drift.Text;

namespace Workbench.Drift;

/// <summary>What to compare and how; the defaults are those of <see cref="Preset"/>. Not thread-safe while it is being set up.</summary>
public sealed class DriftOptions
{
    private readonly Dictionary<string, DriftColumnKind> _kinds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<DriftTest>> _tests = new(StringComparer.Ordinal);
    private readonly Dictionary<DriftColumnKind, IReadOnlyList<DriftTest>> _kindTests = [];
    private readonly PValueCorrection? _correction;
    private readonly double? _driftShare, _newCategoryShare;
    private readonly Dictionary<string, IReadOnlyList<string>> _embeddings = new(StringComparer.Ordinal);

    /// <summary>Tests, thresholds and rules where the other options say nothing. Set it in the initializer, before tests are named.</summary>
    public DriftPreset Preset { get; init; }
    /// <summary>Columns to compare; null means every column that both sides have.</summary>
    public IReadOnlyList<string>? Columns { get; init; }
    /// <summary>Columns to leave out, such as ids; they may be absent.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];
    /// <summary>
    /// Column of the labels or values to predict, or null: compared like the others and reported apart
    /// (<see cref="DriftReport.Target"/>). Numbers with at most five distinct values are compared as labels. One side may lack
    /// it, as labels come late.
    /// </summary>
    public string? Target { get; init; }
    /// <summary>
    /// Column of the model's answers, or null: compared like the others and reported apart (<see cref="DriftReport.Prediction"/>).
    /// Numbers with at most five distinct values are compared as labels, unless they are scores in [0, 1].
    /// </summary>
    public string? Prediction { get; init; }
    /// <summary>Adjustment of p-values for the number of columns; default: Benjamini-Hochberg, in the compatible presets none.</summary>
    public PValueCorrection Correction
    {
        get => _correction ?? Rules.Correction;
        init => _correction = value;
    }
    /// <summary>
    /// The data set drifts from this share of drifted columns on, in (0, 1]; null: as soon as one column drifts. Default: null, in
    /// the Evidently preset 0.5.
    /// </summary>
    public double? DriftShare
    {
        get => _driftShare ?? Rules.DriftShare;
        init => _driftShare = value;
    }
    /// <summary>
    /// A category that the reference lacks is drift from this share of the current rows on, in (0, 1], or
    /// <see cref="double.PositiveInfinity"/> for never; default 0.01, in the compatible presets never. Rarer ones are when
    /// together they hold ten times that, beyond what chance explains.
    /// </summary>
    public double NewCategoryShare
    {
        get => _newCategoryShare ?? Rules.NewCategoryShare;
        init => _newCategoryShare = value;
    }
    /// <summary>How text columns are compared.</summary>
    public TextOptions Text { get; init; } = new();
    /// <summary>Compares many columns together: reconstruction error, domain classifier; null (default) leaves it out, for it samples rows in a further scan.</summary>
    public MultivariateOptions? Multivariate { get; init; }
    /// <summary>Compares correlations of pairs of columns; null (default) leaves it out, for it takes a further scan of all rows.</summary>
    public CorrelationOptions? Correlations { get; init; }
    /// <summary>Splits the current rows into chunks and fills <see cref="DriftReport.Timeline"/>: <c>Chunking.By(ChunkPeriod.Day)</c>. Null: no chunks.</summary>
    public Chunking? Chunks { get; init; }
    /// <summary>
    /// From where on the statistic of a chunk is an alert. Null: mean and three standard deviations of the reference's
    /// chunks, each compared with the rest (NannyML's preset: with the whole reference); the tests' own thresholds when the
    /// reference has fewer than four chunks.
    /// </summary>
    public DriftThreshold? Threshold { get; init; }
    /// <summary>
    /// Compares rows with the reference rows of the same season only: a chunk with the seasons that it has, and the current
    /// rows as a whole with the seasons that they have, each season with the weight that the reference gives it. Rows of a
    /// season that the reference lacks are not compared. Null: no seasons.
    /// </summary>
    public Season? Season { get; init; }
    /// <summary>Column with the time of a row, for <see cref="Chunks"/> that name none and for <see cref="Season"/>. Null: the only date or timestamp.</summary>
    public string? TimeColumn { get; init; }
    /// <summary>Columns read at the same time, fewer when <see cref="MemoryLimit"/> does not allow as many. Default: one a core.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;
    /// <summary>How exactly large numeric columns are measured. By default every verdict is that of all rows.</summary>
    public DriftPrecision Precision { get; init; } = DriftPrecision.Decide;
    /// <summary>Bytes that the comparison may take, at least 134,217,728 (128 MB); null means half of what the machine or container has.</summary>
    public long? MemoryLimit { get; init; }
    /// <summary>Told after each column, from the worker that did it and perhaps from several at once; null for nobody.</summary>
    public IProgress<DriftProgress>? Progress { get; init; }

    /// <summary>Looks for the causes of changed predictions, errors or rows and adds them to the report; null (default) does not. Reads both sides twice more.</summary>
    public CauseOptions? Causes { get; init; }

    internal PresetRules Rules => PresetRules.Of(Preset);
    /// <summary>
    /// Whether <see cref="DriftReport.Quality"/> is filled; default false, because it scans both sides once more: about half
    /// of what an exact comparison takes.
    /// </summary>
    public bool Quality { get; init; }

    /// <summary>Compares a column as this kind instead of the inferred one; <see cref="DriftColumnKind.Id"/> leaves it out.</summary>
    public DriftOptions Kind(string column, DriftColumnKind kind)
    {
        _kinds[column] = kind;
        return this;
    }

    /// <summary>Judges a column by these tests instead of the preset's: <c>options.Test("price", DriftTests.Ks(0.01))</c>.</summary>
    /// <exception cref="ArgumentException">No test is given.</exception>
    public DriftOptions Test(string column, params IReadOnlyList<DriftTest> tests)
    {
        if (tests.Count == 0)
            throw new ArgumentException($"Give at least one test for column '{column}', or list it in Exclude.", nameof(tests));
        _tests[column] = tests;
        return this;
    }

    /// <summary>Judges a column by the preset's test of that name: for settings that come from a file or a command line.</summary>
    /// <exception cref="ArgumentException">The name is unknown; the message lists the known ones.</exception>
    public DriftOptions Test(string column, string test, double? threshold = null)
    {
        var found = Rules.Find(test) ?? throw new ArgumentException(Rules.Unknown(test, $" for column '{column}'"), nameof(test));
        return Test(column, threshold is { } value ? found.WithThreshold(value) : found);
    }

    /// <summary>
    /// Judges every column of a kind by these tests instead of the preset's, unless <see cref="Test(string, IReadOnlyList{DriftTest})"/>
    /// says otherwise. Tests of categorical columns also judge boolean ones that have none of their own.
    /// </summary>
    /// <exception cref="ArgumentException">No test is given, or one does not compare that kind.</exception>
    public DriftOptions Tests(DriftColumnKind kind, params IReadOnlyList<DriftTest> tests)
    {
        if (tests.Count == 0)
            throw new ArgumentException($"Give at least one test for {kind} columns.", nameof(tests));
        if (tests.FirstOrDefault(test => !test.Compares(kind)) is { } wrong)
            throw new ArgumentException($"Drift test '{wrong.Name}' does not compare {kind} columns. Those that do: {string.Join(", ", Rules.KnownFor(kind))}.", nameof(tests));
        _kindTests[kind] = tests;
        return this;
    }

    /// <summary>
    /// Compares numeric columns together as one embedding, in their order, instead of each for itself. One pattern such as
    /// <c>emb_*</c> stands for all columns of both sides that continue it with a number, in the order of the numbers.
    /// </summary>
    /// <param name="name">What the report calls the embedding; no column of the sides that is not part of it.</param>
    /// <param name="columns">At least two columns, or one pattern that ends in *.</param>
    /// <exception cref="ArgumentException">There are too few columns.</exception>
    public DriftOptions Embedding(string name, params IReadOnlyList<string> columns)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (columns.Count < 2 && !(columns.Count == 1 && columns[0].EndsWith('*')))
            throw new ArgumentException($"Embedding '{name}' has {columns.Count} columns; give at least two, or one pattern such as emb_*.", nameof(columns));
        _embeddings[name] = columns;
        return this;
    }

    /// <summary>True when something is asked for that reads rows of several columns at once, or in their order.</summary>
    internal bool ReadsRows => Chunks is not null || Season is not null || Multivariate is not null || Correlations is not null || Causes is not null || Quality;

    internal bool IsChosen(string column) => (Columns?.Contains(column) ?? true) && !Exclude.Contains(column);

    internal DriftColumnKind? KindOf(string column) => _kinds.TryGetValue(column, out var kind) ? kind : null;

    internal ColumnRole RoleOf(string column) => column == Target ? ColumnRole.Target : column == Prediction ? ColumnRole.Prediction : ColumnRole.Feature;

    internal IReadOnlyList<DriftTest>? TestsOf(string column) => _tests.GetValueOrDefault(column);

    /// <summary>The tests chosen for a column or its kind; null when the preset decides.</summary>
    internal IReadOnlyList<DriftTest>? TestsOf(string column, DriftColumnKind kind) => TestsOf(column)
        ?? _kindTests.GetValueOrDefault(kind) ?? (kind == DriftColumnKind.Boolean ? _kindTests.GetValueOrDefault(DriftColumnKind.Categorical) : null);

    /// <summary>The embeddings that are groups of columns, by name, with their columns.</summary>
    internal IReadOnlyDictionary<string, IReadOnlyList<string>> Embeddings(IReadOnlyCollection<string> common) =>
        _embeddings.ToDictionary(one => one.Key, one => EmbeddingGroup.Resolve(one.Value, common), StringComparer.Ordinal);

    /// <summary>Every test that was chosen for a column or a kind.</summary>
    internal IEnumerable<DriftTest> ChosenTests => _tests.Values.Concat(_kindTests.Values).SelectMany(tests => tests);

    /// <summary>All findings at once.</summary>
    /// <param name="common">Columns of both sides.</param>
    /// <param name="all">Columns of either side.</param>
    internal void Validate(IReadOnlyCollection<string> common, IReadOnlyCollection<string> all)
    {
        var findings = new List<string>();
        if (!(NewCategoryShare is > 0 and <= 1 or double.PositiveInfinity))
            findings.Add($"NewCategoryShare is {NewCategoryShare}; allowed: above 0 up to 1, or positive infinity for never.");
        if (DriftShare is { } share && !(share is > 0 and <= 1))
            findings.Add($"DriftShare is {share}; allowed: above 0 up to 1, or null for any drifted column.");
        if (Workers < 1)
            findings.Add($"Workers is {Workers}; allowed: 1 and more.");
        if (MemoryLimit < MemoryPlan.LeastBytes)
            findings.Add($"MemoryLimit is {MemoryLimit:N0} bytes; allowed: {MemoryPlan.LeastBytes:N0} and more.");
        if (Target is not null && Target == Prediction)
            findings.Add($"Target and Prediction are both '{Target}'; name two columns, or leave one null.");
        findings.AddRange(Text.Findings());
        findings.AddRange(Multivariate?.Findings() ?? []);
        findings.AddRange(Correlations?.Findings() ?? []);
        foreach (var (name, columns) in _embeddings)
            findings.AddRange(EmbeddingGroup.Findings(name, columns, common));
        foreach (string column in (Columns ?? []).Concat(_kinds.Keys).Concat(_tests.Keys).Distinct(StringComparer.Ordinal).Where(column => !common.Contains(column) && !_embeddings.ContainsKey(column)))
            findings.Add($"Column '{column}' is not on both sides. Columns of both: {string.Join(", ", common)}.");
        foreach (string column in new[] { Target, Prediction }.OfType<string>().Where(column => !all.Contains(column)))
            findings.Add($"Column '{column}' is on neither side.{Suggestion.DidYouMean(column, all)} Columns: {string.Join(", ", all)}.");
        if (findings.Count > 0)
            throw new DataException("The drift options do not fit: " + string.Join(" ", findings));
    }
}
