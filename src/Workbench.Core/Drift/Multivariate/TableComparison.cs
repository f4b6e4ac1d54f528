using Workbench.Drift.Kernels;
using Workbench.Drift.Sources;

namespace Workbench.Drift.Multivariate;

/// <summary>Compares many columns together: one scan a side for all that was asked for.</summary>
internal static class TableComparison
{
    /// <summary>What the options ask for; of the columns that were measured on both sides.</summary>
    public static (MultivariateDrift? Multivariate, CorrelationDrift? Correlations) Run(
        DriftInput reference, DriftInput current, IReadOnlyList<ColumnMeasures> columns, DriftOptions options, CancellationToken cancellationToken)
    {
        if (options.Multivariate is null && options.Correlations is null)
            return (null, null);
        using ColumnReader referenceReader = reference.Connect(), currentReader = current.Connect();
        if (!referenceReader.CanReadRows || !currentReader.CanReadRows)
            throw new Data.DataException("Multivariate and Correlations need rows, and a side can only be read column by column. Leave them out, or export that side to Parquet.");
        var usable = columns.Where(column => column.Tests.Count > 0).ToList();
        var chosen = Chosen(usable, options.Multivariate);
        var (numeric, categorical) = (Names(usable, isNumeric: true), Names(usable, isNumeric: false));
        int paired = options.Correlations is { } correlations ? Math.Min(numeric.Count, correlations.MostColumns) : 0;
        // The paired columns are the first ones, whatever else the sample needs.
        List<string> numbers = [.. numeric.Where((name, i) => i < paired || chosen.Contains(name))];
        List<string> categories = [.. categorical.Where((name, i) => i < (options.Correlations?.MostCategoricalColumns ?? 0) || chosen.Contains(name))];
        if (numbers.Count + categories.Count == 0)
            return (Empty(options), options.Correlations is null ? null : NoPairs());
        int rows = Math.Max(options.Multivariate?.SampleRows ?? 0, options.Correlations?.SampleRows ?? 0);
        TableScan Scan(ColumnReader reader) => TableScan.Read(reader, numbers, categories, paired, rows, cancellationToken);
        TableScan before = Scan(referenceReader), after = Scan(currentReader);
        return (
            options.Multivariate is { } multivariate ? Together(before.Sample.Choose(chosen), after.Sample.Choose(chosen), multivariate, LeftOut(usable, chosen, multivariate), cancellationToken) : null,
            options.Correlations is { } pairs ? CorrelationComparison.Compare(before, after, pairs) with { Note = LeftOut(numeric.Count, categorical.Count, pairs) } : null);
    }

    /// <summary>Rows of both sides over the same columns.</summary>
    public static MultivariateDrift Together(TableSample reference, TableSample current, MultivariateOptions options, string? note, CancellationToken cancellationToken)
    {
        var reconstruction = options.Reconstruction && reference.Columns.Count >= 2 ? ReconstructionComparison.Compare(reference, current, options.VarianceShare, options.ReferenceChunks) : null;
        var classifier = options.Classifier is { } learner ? DomainClassifier.Compare(reference, current, options, learner, cancellationToken) : null;
        var tests = Tests(reference, current, options.Tests);
        List<string> sentences = [.. new[] { reconstruction?.Sentence, classifier?.Sentence }.OfType<string>(), .. tests.Select(Sentence)];
        return new()
        {
            Columns = reference.Columns,
            ReferenceRows = reference.Rows.Count,
            CurrentRows = current.Rows.Count,
            Exactness = reference.IsSampled || current.IsSampled ? DriftExactness.Estimated : DriftExactness.Exact,
            Reconstruction = reconstruction,
            Classifier = classifier,
            Tests = tests,
            IsDrift = reconstruction?.IsDrift == true || classifier?.IsDrift == true || tests.Any(test => test.Role == DriftRole.Decides && test.IsDrift),
            Sentence = string.Join(" ", sentences),
            Note = note,
        };
    }

    private static IReadOnlyList<DriftTestResult> Tests(TableSample reference, TableSample current, IReadOnlyList<DriftTest> tests)
    {
        if (tests.Count == 0)
            return [];
        var encoder = RowEncoder.Fit(reference);
        var pair = new VectorPair(encoder.Encode(reference), encoder.Encode(current));
        var measures = new ColumnMeasures { Column = "", Kind = DriftColumnKind.Embedding, Tests = [.. tests.Select(test => new MeasuredTest(test, test.Vectors!(pair)))] }; // the options were validated
        return DriftDecision.Decide([measures], PValueCorrection.BenjaminiHochberg)[0].Tests;
    }

    private static string Sentence(DriftTestResult test) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{test.Test} {(test.IsDrift ? "sees" : "sees no")} drift (statistic {test.Statistic:G3}{(test.AdjustedPValue is { } p ? $", p {p:G2}" : "")}).");

    private static HashSet<string> Chosen(IReadOnlyList<ColumnMeasures> columns, MultivariateOptions? options) => options is null
        ? []
        : columns.Where(IsTabular).Select(column => column.Column).Where(name => options.Columns?.Contains(name) ?? true).Take(options.MostColumns).ToHashSet(StringComparer.Ordinal);

    private static List<string> Names(IReadOnlyList<ColumnMeasures> columns, bool isNumeric) =>
        [.. columns.Where(column => IsTabular(column) && column.Kind == DriftColumnKind.Numeric == isNumeric).Select(column => column.Column)];

    private static bool IsTabular(ColumnMeasures column) => column.Kind is DriftColumnKind.Numeric or DriftColumnKind.Categorical or DriftColumnKind.Boolean;

    private static string? LeftOut(IReadOnlyList<ColumnMeasures> columns, HashSet<string> chosen, MultivariateOptions options)
    {
        int left = columns.Count(column => IsTabular(column) && (options.Columns?.Contains(column.Column) ?? true)) - chosen.Count;
        return left > 0 ? $"{left} columns beyond {options.MostColumns} were left out; raise MostColumns, or choose Columns." : null;
    }

    private static string? LeftOut(int numeric, int categorical, CorrelationOptions options)
    {
        List<string> notes = [];
        if (numeric > options.MostColumns)
            notes.Add($"{numeric - options.MostColumns} numeric columns beyond {options.MostColumns} were left out; raise MostColumns.");
        if (categorical > options.MostCategoricalColumns)
            notes.Add($"{categorical - options.MostCategoricalColumns} categorical columns beyond {options.MostCategoricalColumns} were left out; raise MostCategoricalColumns.");
        return notes.Count == 0 ? null : string.Join(" ", notes);
    }

    private static CorrelationDrift NoPairs() =>
        new() { Exactness = DriftExactness.Exact, Pairs = 0, DriftedPairs = 0, Changes = [], IsDrift = false, Sentence = "There is no pair of columns to compare." };

    private static MultivariateDrift? Empty(DriftOptions options) => options.Multivariate is null ? null : new()
    {
        Columns = [], ReferenceRows = 0, CurrentRows = 0, Exactness = DriftExactness.Exact, IsDrift = false, Sentence = "There is no column to compare.",
    };
}
