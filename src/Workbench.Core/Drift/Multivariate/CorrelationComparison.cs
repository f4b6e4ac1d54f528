using System.Globalization;

namespace Workbench.Drift.Multivariate;

/// <summary>Compares the correlations of both sides.</summary>
internal static class CorrelationComparison
{
    // A table of more cells says little about a sample.
    private const int MostCategories = 50;
    // Cramér's V has no p-value here: a side with fewer rows says nothing of it.
    private const int LeastCategoricalRows = 200;

    public static CorrelationDrift Compare(TableScan reference, TableScan current, CorrelationOptions options)
    {
        var numeric = reference.Sample.Numeric.Take(reference.Moments?.Columns ?? 0).ToList();
        var changes = new List<CorrelationChange>();
        CorrelationMatrix? pearson = null, spearman = null;
        if (reference.Moments is { } before && current.Moments is { } after)
        {
            (pearson, var linear) = Compare(numeric, before.Of, after.Of, CorrelationMeasure.Pearson, 1, options);
            var (ranksBefore, ranksAfter) = (Dependence.Ranks(reference.Sample, numeric.Count), Dependence.Ranks(current.Sample, numeric.Count));
            (spearman, var ranked) = Compare(numeric, (i, j) => ranksBefore[i, j], (i, j) => ranksAfter[i, j], CorrelationMeasure.Spearman, Dependence.RankVariance, options);
            changes.AddRange(linear.Concat(ranked));
        }
        changes.AddRange(Categories(reference.Sample, current.Sample, options));
        int drifted = changes.Count(change => change.IsDrift);
        List<CorrelationChange> listed = [.. changes.OrderByDescending(change => change.IsDrift).ThenByDescending(Size).Take(options.ListedChanges)];
        return new()
        {
            Pearson = pearson,
            Spearman = spearman,
            Exactness = reference.Sample.IsSampled || current.Sample.IsSampled ? DriftExactness.Estimated : DriftExactness.Exact,
            Pairs = changes.Count,
            DriftedPairs = drifted,
            Changes = listed,
            IsDrift = drifted > 0,
            Sentence = Sentence(changes, options),
        };
    }

    private static (CorrelationMatrix Matrix, List<CorrelationChange> Changes) Compare(
        List<string> columns, Func<int, int, (double? Correlation, long Rows)> reference, Func<int, int, (double? Correlation, long Rows)> current,
        CorrelationMeasure measure, double variance, CorrelationOptions options)
    {
        var changes = new List<CorrelationChange>();
        for (int i = 0; i < columns.Count; i++)
            for (int j = i + 1; j < columns.Count; j++)
                if ((reference(i, j), current(i, j)) is (({ } before, var rowsBefore), ({ } after, var rowsAfter)))
                    changes.Add(new()
                    {
                        First = columns[i], Second = columns[j], Measure = measure, Reference = before, Current = after,
                        PValue = Dependence.PValue(before, rowsBefore, after, rowsAfter, variance), IsDrift = false,
                    });
        var adjusted = PValueAdjustment.Adjust([.. changes.Select(change => change.PValue!.Value)], PValueCorrection.BenjaminiHochberg); // set above
        return (Matrix(columns, reference, current), [.. changes.Zip(adjusted, (change, p) => change with { AdjustedPValue = p, IsDrift = Size(change) >= options.Threshold && p <= options.Level })]);
    }

    private static CorrelationMatrix Matrix(List<string> columns, Func<int, int, (double? Correlation, long Rows)> reference, Func<int, int, (double? Correlation, long Rows)> current)
    {
        IReadOnlyList<IReadOnlyList<double?>> Cells(Func<int, int, (double? Correlation, long Rows)> of) =>
            [.. columns.Select((_, i) => (IReadOnlyList<double?>)[.. columns.Select((_, j) => i == j ? 1 : of(i, j).Correlation is { } value ? Math.Round(value, 6) : (double?)null)])];
        return new() { Columns = columns, Reference = Cells(reference), Current = Cells(current) };
    }

    private static IEnumerable<CorrelationChange> Categories(TableSample reference, TableSample current, CorrelationOptions options)
    {
        int[] columns = [.. Enumerable.Range(0, reference.Categorical.Count)
            .Where(i => reference.Categories(i).Concat(current.Categories(i)).Distinct(StringComparer.Ordinal).Count() <= MostCategories).Take(options.MostCategoricalColumns)];
        return
            from i in columns
            from j in columns
            where i < j
            let before = Dependence.CramersV(reference.Categories(i), reference.Categories(j))
            let after = Dependence.CramersV(current.Categories(i), current.Categories(j))
            where before.Value.HasValue && after.Value.HasValue
            select new CorrelationChange
            {
                First = reference.Categorical[i],
                Second = reference.Categorical[j],
                Measure = CorrelationMeasure.CramersV,
                Reference = before.Value ?? 0,
                Current = after.Value ?? 0,
                IsDrift = Math.Abs((after.Value - before.Value) ?? 0) >= options.Threshold && Math.Min(before.Rows, after.Rows) >= LeastCategoricalRows,
            };
    }

    private static double Size(CorrelationChange change) => Math.Abs(change.Current - change.Reference);

    private static string Sentence(List<CorrelationChange> changes, CorrelationOptions options)
    {
        if (changes.Count == 0)
            return "There is no pair of columns to compare.";
        int drifted = changes.Count(change => change.IsDrift);
        var largest = changes.OrderByDescending(change => change.IsDrift).ThenByDescending(Size).First();
        string words = string.Create(
            CultureInfo.InvariantCulture, $"{largest.First} and {largest.Second} went from {largest.Reference:F2} to {largest.Current:F2} ({Name(largest.Measure)})");
        return drifted == 0
            ? string.Create(CultureInfo.InvariantCulture, $"No correlation changed by {options.Threshold} or more beyond chance; the largest change: {words}.")
            : string.Create(CultureInfo.InvariantCulture, $"{drifted} of {changes.Count} correlations changed by {options.Threshold} or more; most of all {words}.");
    }

    private static string Name(CorrelationMeasure measure) => measure switch
    {
        CorrelationMeasure.Pearson => "Pearson",
        CorrelationMeasure.Spearman => "Spearman",
        _ => "Cramér's V",
    };
}
