using Workbench.Data;
using Workbench.Drift.Sources;

namespace Workbench.Drift.Causes;

/// <summary>One search: makes the cells, counts rows and quantities in them, ranks.</summary>
internal sealed class CauseSearch(DuckInput reference, DuckInput current, CauseOptions options)
{
    // Columns whose rows are counted in one reading; a chunk of them stays in the processor's cache.
    private const int Batch = 50;
    // Less is no news: 10 % of the rows becoming 12 % are 0.005.
    private const double LeastDivergence = 0.005;
    private const double LeastShareOfChange = 0.05;

    // Standard errors that a slice needs: stricter the more slices are looked at (Bonferroni, 0.05 for all together).
    private double _errors = SliceMath.Errors;

    public DriftCauses Run(CancellationToken cancellationToken)
    {
        RequireRows(reference, "reference");
        RequireRows(current, "current");
        var types = current.Columns.ToDictionary(column => column.Name, column => column.Type, StringComparer.Ordinal);
        var common = reference.Columns.Where(column => types.ContainsKey(column.Name)).ToList();
        options.Validate(common.Select(column => column.Name).ToList());
        foreach (var quantity in options.Quantities)
            if (common.First(column => column.Name == quantity.Column).Type is var type && ColumnKinds.OfType(type) is not (DriftColumnKind.Numeric or DriftColumnKind.Boolean))
                throw new DataException($"'{quantity.Column}' is {type}; a quantity whose change is explained is numeric or boolean. Choose another column.") { Column = quantity.Column };

        var skipped = new List<SkippedColumn>();
        var columns = Bins(common.Where(column => IsChosen(column.Name)).ToList(), skipped, cancellationToken);
        var single = new CauseCounts(reference, current, columns.Select(column => (column, (CauseBins?)null)).ToList(), options.Quantities, cancellationToken);
        var paired = Pairs(single, columns).ToList();
        _errors = SliceMath.ErrorsAmong(single.Columns.Concat(paired).Sum(one => one.Item1.Intervals().Count() * (long)(one.Item2?.Intervals().Count() ?? 1)));
        var pairs = new CauseCounts(reference, current, paired, options.Quantities, cancellationToken);
        return new()
        {
            Quantities = options.Quantities.Select((quantity, i) => Change(quantity, i, single, pairs, columns)).ToList(),
            Movements = Movements(single, pairs),
            Skipped = skipped,
        };
    }

    private bool IsChosen(string column) => (options.Columns?.Contains(column) ?? true) && !options.Exclude.Contains(column)
        && !options.Quantities.Any(quantity => quantity.Column == column);

    private List<CauseBins> Bins(IReadOnlyList<TableColumn> columns, List<SkippedColumn> skipped, CancellationToken cancellationToken)
    {
        var kinds = columns.ToDictionary(column => column.Name, column => options.Columns is null ? ColumnKinds.Infer(column.Name, column.Type) : ColumnKinds.OfType(column.Type));
        var types = current.Columns.ToDictionary(column => column.Name, column => column.Type, StringComparer.Ordinal);
        var numeric = columns.Where(column => kinds[column.Name] == DriftColumnKind.Numeric && ColumnKinds.OfType(types[column.Name]) == DriftColumnKind.Numeric).Select(column => column.Name).ToList();
        var bins = numeric.Chunk(Batch).SelectMany(batch => batch.Zip(CauseReader.Sample(reference, batch, cancellationToken), (name, values) => CauseBins.Of(name, values)))
            .ToDictionary(one => one.Column);
        foreach (var (name, _) in columns.Where(column => !bins.ContainsKey(column.Name)))
        {
            if (kinds[name] is not (DriftColumnKind.Categorical or DriftColumnKind.Boolean))
                skipped.Add(new(name, kinds[name], kinds[name] == DriftColumnKind.Numeric ? $"Numeric in the reference, {types[name]} in the current rows." : "Only numbers, categories and booleans make slices."));
            else if (CauseReader.Categories(reference, current, name, cancellationToken) is { } categories)
                bins.Add(name, CauseBins.Of(name, categories));
            else
                skipped.Add(new(name, DriftColumnKind.Id, "Most of its values are different: it names rows."));
        }
        return columns.Where(column => bins.ContainsKey(column.Name)).Select(column => bins[column.Name]).ToList();
    }

    // Among the columns that say most alone, about any quantity or about the mix of rows.
    private IEnumerable<(CauseBins, CauseBins?)> Pairs(CauseCounts single, List<CauseBins> columns)
    {
        var lists = new List<IEnumerable<CauseBins>> { columns.OrderByDescending(column => Best(Scored(single, column))) };
        for (int i = 0; i < options.Quantities.Count; i++)
            lists.Add(columns.OrderByDescending(column => Best(Scored(single, column, i))).ToList());
        var chosen = Enumerable.Range(0, columns.Count).SelectMany(rank => lists.Select(list => list.ElementAt(rank))).Distinct().Take(options.PairedColumns).ToList();
        return chosen.SelectMany((first, i) => chosen.Skip(i + 1).Select(second => (first, (CauseBins?)second)));
    }

    private static double Best(IEnumerable<SliceCandidate> candidates) => candidates.Select(one => one.Score).DefaultIfEmpty(0).Max();

    private QuantityChange Change(CauseQuantity quantity, int index, CauseCounts single, CauseCounts pairs, List<CauseBins> columns)
    {
        var all = single.Total(index);
        if (all.Reference.Count == 0 || all.Current.Count == 0)
            throw new DataException($"'{quantity.Column}' has no finite value in {(all.Reference.Count == 0 ? $"the reference '{reference.Name}'" : $"the current rows '{current.Name}'")}; its change cannot be explained.") { Column = quantity.Column };
        double change = all.Current.Mean - all.Reference.Mean, error = Error(all);
        bool isBeyondChance = Math.Abs(change) > SliceMath.Errors * error;
        var (lower, upper) = (change - SliceMath.Normal95 * error, change + SliceMath.Normal95 * error);
        return new()
        {
            Name = quantity.Name,
            ReferenceMean = all.Reference.Mean,
            CurrentMean = all.Current.Mean,
            Change = change,
            ConfidenceLower = lower,
            ConfidenceUpper = upper,
            IsBeyondChance = isBeyondChance,
            Columns = isBeyondChance ? columns.Select(column => Explained(column, index, single, all, change)).OrderByDescending(column => Math.Abs(column.Mix)).ToList() : [],
            Slices = isBeyondChance ? Slices(quantity, index, single, pairs, all, change) : [],
            Sentence = SliceSentences.Of(quantity.Name, all.Reference.Mean, all.Current.Mean, lower, upper, isBeyondChance),
        };
    }

    private static ColumnCause Explained(CauseBins column, int index, CauseCounts single, TallyPair all, double change)
    {
        var (left, right) = single.Grids(column, null, index);
        double mix = Enumerable.Range(0, column.Cells).Sum(cell => SliceMath.Mix(new(left.Of((cell, cell), (0, 0)), right.Of((cell, cell), (0, 0))), all));
        return new(column.Column, mix, mix / change);
    }

    private IReadOnlyList<SliceCause> Slices(CauseQuantity quantity, int index, CauseCounts single, CauseCounts pairs, TallyPair all, double change)
    {
        var candidates = single.Columns.Concat(pairs.Columns).SelectMany(columns => Scored(columns.Second is null ? single : pairs, columns.First, index, columns.Second));
        return SliceChoice.Choose(candidates, options.Listed, onceAColumn: false).Select(slice =>
        {
            var (value, error) = SliceMath.Contribution(slice.Rows, all);
            var cause = new SliceCause
            {
                Conditions = slice.Conditions,
                ReferenceShare = SliceMath.ReferenceShare(slice.Rows, all),
                CurrentShare = SliceMath.CurrentShare(slice.Rows, all),
                ReferenceMean = slice.Rows.Reference.Count > 0 ? slice.Rows.Reference.Mean : null,
                CurrentMean = slice.Rows.Current.Count > 0 ? slice.Rows.Current.Mean : null,
                Contribution = value,
                ConfidenceLower = value - SliceMath.Normal95 * error,
                ConfidenceUpper = value + SliceMath.Normal95 * error,
                Mix = SliceMath.Mix(slice.Rows, all),
                ShareOfChange = value / change,
                Sentence = "",
            };
            return cause with { Sentence = SliceSentences.Of(cause, quantity.Name, SliceMath.Centre(all)) };
        }).ToList();
    }

    private IEnumerable<SliceCandidate> Scored(CauseCounts counts, CauseBins first, int quantity, CauseBins? second = null)
    {
        var all = counts.Total(quantity);
        var (left, right) = counts.Grids(first, second, quantity);
        return SliceChoice.Candidates(left, right, all, options.MinimumShare)
            .Where(one => SliceMath.Contribution(one.Rows, all) is var (value, error) && Math.Abs(value) > _errors * error
                && Math.Abs(value) >= LeastShareOfChange * Math.Abs(all.Current.Mean - all.Reference.Mean))
            .Select(one => one with { Score = SliceMath.Excess(one.Rows, all) });
    }

    private IReadOnlyList<SliceMovement> Movements(CauseCounts single, CauseCounts pairs)
    {
        var all = single.Total(CauseCounts.Rows);
        var candidates = single.Columns.Concat(pairs.Columns).SelectMany(columns => Scored(columns.Second is null ? single : pairs, columns.First, columns.Second));
        return SliceChoice.Choose(candidates, options.Listed, onceAColumn: true).Select(slice =>
        {
            double p = SliceMath.ReferenceShare(slice.Rows, all), q = SliceMath.CurrentShare(slice.Rows, all);
            return new SliceMovement(slice.Conditions, p, q, slice.Score, SliceSentences.Of(slice.Conditions, p, q));
        }).ToList();
    }

    private IEnumerable<SliceCandidate> Scored(CauseCounts counts, CauseBins first, CauseBins? second = null)
    {
        var all = counts.Total(CauseCounts.Rows);
        var (left, right) = counts.Grids(first, second, CauseCounts.Rows);
        return SliceChoice.Candidates(left, right, all, options.MinimumShare)
            .Where(one => Math.Abs(SliceMath.ShareErrors(one.Rows, all)) > _errors)
            .Select(one => one with { Score = SliceMath.Divergence(one.Rows, all) })
            .Where(one => one.Score >= LeastDivergence);
    }

    private static double Error(TallyPair all)
    {
        static double Variance(Tally side) => side.About(side.Mean).Squares / side.Count / side.Count;
        return Math.Sqrt(Variance(all.Reference) + Variance(all.Current));
    }

    private static void RequireRows(DuckInput input, string side)
    {
        if (input.Rows == 0)
            throw new DataException($"The {side} '{input.Name}' has 0 rows; there is nothing to explain. Widen its window or check its source.") { Origin = input.Name };
    }
}
