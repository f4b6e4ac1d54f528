using Workbench.Data;

namespace Workbench.Drift;

/// <summary>What to compare and how; the defaults are the Workbench preset. Not thread-safe while it is being set up.</summary>
public sealed class DriftOptions
{
    private readonly Dictionary<string, DriftColumnKind> _kinds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<DriftTest>> _tests = new(StringComparer.Ordinal);

    /// <summary>Columns to compare; null means every column that both sides have.</summary>
    public IReadOnlyList<string>? Columns { get; init; }
    /// <summary>Columns to leave out, such as ids and labels; they may be absent.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];
    /// <summary>Adjustment of p-values for the number of columns.</summary>
    public PValueCorrection Correction { get; init; } = PValueCorrection.BenjaminiHochberg;
    /// <summary>A category that the reference lacks is drift from this share of the current rows on, in (0, 1]; default 0.01.</summary>
    public double NewCategoryShare { get; init; } = 0.01;
    /// <summary>Columns read at the same time, fewer when <see cref="MemoryLimit"/> does not allow as many. Default: one a core.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;
    /// <summary>How exactly large numeric columns are measured. By default every verdict is that of all rows.</summary>
    public DriftPrecision Precision { get; init; } = DriftPrecision.Decide;
    /// <summary>Bytes that the comparison may take, at least 134,217,728 (128 MB); null means half of what the machine or container has.</summary>
    public long? MemoryLimit { get; init; }
    /// <summary>Told after each column, from the worker that did it and perhaps from several at once; null for nobody.</summary>
    public IProgress<DriftProgress>? Progress { get; init; }

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

    /// <summary>Judges a column by the test of that name: for settings that come from a file or a command line.</summary>
    /// <exception cref="ArgumentException">The name is unknown; the message lists the known ones.</exception>
    public DriftOptions Test(string column, string test, double? threshold = null)
    {
        var found = DriftTests.Find(test) ?? throw new ArgumentException(DriftTests.Unknown(test, $" for column '{column}'"), nameof(test));
        return Test(column, threshold is { } value ? found with { Threshold = value } : found);
    }

    internal DriftColumnKind? KindOf(string column) => _kinds.TryGetValue(column, out var kind) ? kind : null;

    internal IReadOnlyList<DriftTest>? TestsOf(string column) => _tests.GetValueOrDefault(column);

    /// <summary>Every test that was chosen for a column.</summary>
    internal IEnumerable<DriftTest> ChosenTests => _tests.Values.SelectMany(tests => tests);

    /// <summary>All findings at once.</summary>
    internal void Validate(IReadOnlyCollection<string> common)
    {
        var findings = new List<string>();
        if (!(NewCategoryShare is > 0 and <= 1))
            findings.Add($"NewCategoryShare is {NewCategoryShare}; allowed: above 0 up to 1.");
        if (Workers < 1)
            findings.Add($"Workers is {Workers}; allowed: 1 and more.");
        if (MemoryLimit < MemoryPlan.LeastBytes)
            findings.Add($"MemoryLimit is {MemoryLimit:N0} bytes; allowed: {MemoryPlan.LeastBytes:N0} and more.");
        foreach (string column in (Columns ?? []).Concat(_kinds.Keys).Concat(_tests.Keys).Distinct(StringComparer.Ordinal).Where(column => !common.Contains(column)))
            findings.Add($"Column '{column}' is not on both sides. Columns of both: {string.Join(", ", common)}.");
        if (findings.Count > 0)
            throw new DataException("The drift options do not fit: " + string.Join(" ", findings));
    }
}
