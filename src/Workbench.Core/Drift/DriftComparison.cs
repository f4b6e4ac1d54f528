using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Workbench.Data;
using Workbench.Drift.Causes;
using Workbench.Drift.Chunks;
using Workbench.Drift.Embeddings;
using Workbench.Drift.Multivariate;
using Workbench.Drift.Presets;
using Workbench.Drift.Quality;
using Workbench.Drift.Quality.Scanning;
using Workbench.Drift.Sketches;
using Workbench.Drift.Sources;
using Workbench.Drift.Text;

namespace Workbench.Drift;

/// <summary>One comparison: chooses the columns, lets the workers read and measure them, has them judged.</summary>
internal sealed class DriftComparison(DriftInput reference, DriftInput current, DriftOptions options)
{
    // A text column with more values than this, most of them different, names rows.
    private const int IdDistinct = 50;
    // Texts repeat more than names of rows do: greetings, canned answers.
    private const double TextDistinctShare = 0.1;

    private IReadOnlyDictionary<string, IReadOnlyList<string>> _groups = new Dictionary<string, IReadOnlyList<string>>();
    private ChunkPlan? _chunks;
    // Up to so many rows a side an exact comparison is as fast as a sketch.
    private const long SmallRows = 100_000;
    // Tests by p-value that a preset may give a column, and the levels they have.
    private const int PresetPValues = 8;
    private const double PresetLowestLevel = 0.05, PresetHighestLevel = 0.1;

    private readonly bool _hasRows = reference.HasRows && current.HasRows;
    private MemoryPlan _plan = new(1, 1, 0, 0); // set before the columns are read
    private VerdictMargin _margin = new(0, 1, 1); // likewise

    public DriftReport Run(CancellationToken cancellationToken)
    {
        RequireRows(reference, "reference");
        RequireRows(current, "current");
        var common = ColumnMatch.Common(reference, current);
        options.Validate(common.Select(column => column.Name).ToList(), reference.Columns.Concat(current.Columns).Select(column => column.Name).Distinct(StringComparer.Ordinal).ToList());
        options.Causes?.Validate(common.Select(column => column.Name).ToList());
        _chunks = ChunkPlan.Of(reference, current, options, cancellationToken);
        _groups = options.Embeddings(common.Select(column => column.Name).ToList());
        var grouped = _groups.Values.SelectMany(columns => columns).ToHashSet(StringComparer.Ordinal);
        var chosen = common.Where(column => IsChosen(column.Name) && !grouped.Contains(column.Name)).ToList();
        Plan(chosen.Count + _groups.Count);
        var outcomes = Measure(
            [.. chosen, .. _groups.Keys.Where(IsChosen).Select(name => new CommonColumn(name, "DOUBLE[]", "DOUBLE[]"))], cancellationToken);
        var together = TableComparison.Run(reference, current, outcomes.OfType<ColumnMeasures>().ToList(), options, cancellationToken);
        return new()
        {
            Reference = reference.Name,
            Current = current.Name,
            ReferenceRows = reference.Rows,
            CurrentRows = current.Rows,
            Columns = DriftDecision.Decide(outcomes.OfType<ColumnMeasures>().ToList(), options.Correction),
            Skipped = [.. outcomes.OfType<SkippedColumn>(), .. RenamedColumns()],
            NewColumns = current.Columns.Select(column => column.Name).Where(IsChosen).Except(common.Select(column => column.Name)).ToList(),
            MissingColumns = reference.Columns.Select(column => column.Name).Where(IsChosen).Except(common.Select(column => column.Name)).ToList(),
            Correction = options.Correction,
            Preset = options.Preset,
            DriftShare = options.DriftShare,
            Counted = options.Rules.Counted,
            Causes = options.Causes is { } causes ? DriftCauses.Find(reference, current, causes, cancellationToken) : null,
            Quality = options.Quality ? QualityComparison.Run(RelationWorkers.Require(reference), RelationWorkers.Require(current), new() { Columns = options.Columns, Exclude = options.Exclude, Workers = options.Workers }, cancellationToken) : null,
            Timeline = _chunks is { Chunking: not null } plan ? TimelineBuilder.Build(plan, outcomes.OfType<ColumnMeasures>().ToList(), options.Correction) : null,
            Notes = _chunks is { Chunking: null } seasons ? seasons.Notes : [],
            Multivariate = together.Multivariate,
            Correlations = together.Correlations,
        };
    }

    /// <summary>Refuses tests of the other kind.</summary>
    public static void RequireFit(string column, DriftColumnKind kind, IReadOnlyList<DriftTest> tests, DriftPreset preset = DriftPreset.Workbench)
    {
        if (tests.FirstOrDefault(test => !test.Compares(kind)) is { } wrong)
            throw new DataException(
                $"Drift test '{wrong.Name}' of column '{column}' does not compare {kind.ToString().ToLowerInvariant()} columns. Those that do: "
                + $"{string.Join(", ", PresetRules.Of(preset).KnownFor(kind))}. Choose one of them or set the column's kind.")
            { Column = column };
    }

    private void Plan(int columns)
    {
        _plan = MemoryPlan.Of(options, columns, ReadsWholeColumns ? reference.Rows + current.Rows : 0);
        var (lowest, highest, pValues) = (PresetLowestLevel, PresetHighestLevel, columns * PresetPValues);
        foreach (var test in options.ChosenTests.Where(test => test.Direction.IsByPValue()))
            (lowest, highest, pValues) = (Math.Min(lowest, test.Threshold), Math.Max(highest, test.Threshold), pValues + 1);
        _margin = new(lowest, highest, pValues);
        reference.LimitMemory(_plan.DatabaseBytes);
        current.LimitMemory(_plan.DatabaseBytes);
    }

    private bool ReadsWholeColumns => _hasRows && (IsSmall || _chunks is not null || options.Precision switch
    {
        DriftPrecision.Exact => true,
        DriftPrecision.Sketch => false,
        _ => options.Preset != DriftPreset.Workbench || options.ChosenTests.Any(test => test.Compares(DriftColumnKind.Numeric) && test.Sketch is null),
    });

    private bool IsSmall => _hasRows && Math.Max(reference.Rows, current.Rows) <= SmallRows;

    // The outcome of a column is a ColumnMeasures or a SkippedColumn.
    private object[] Measure(IReadOnlyList<CommonColumn> columns, CancellationToken cancellationToken)
    {
        var outcomes = new object[columns.Count];
        int done = 0;
        var clock = Stopwatch.StartNew();
        try
        {
            Parallel.ForEach(
                Partitioner.Create(columns.Chunk(_plan.BlockColumns), EnumerablePartitionerOptions.NoBuffering),
                new ParallelOptions { MaxDegreeOfParallelism = _plan.Workers, CancellationToken = cancellationToken },
                () => new Readers(reference.Connect(), current.Connect()),
                (block, _, index, readers) =>
                {
                    readers.Begin(block.Where(IsPlainNumber).Select(column => column.Name).ToList());
                    for (int i = 0; i < block.Length; i++)
                    {
                        outcomes[(int)index * _plan.BlockColumns + i] = Measure(block[i], readers, cancellationToken);
                        options.Progress?.Report(new(Interlocked.Increment(ref done), columns.Count, block[i].Name, reference.Rows + current.Rows, clock.Elapsed));
                    }
                    return readers;
                },
                readers => readers.Dispose());
        }
        catch (AggregateException failures)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ExceptionDispatchInfo.Throw(failures.Flatten().InnerExceptions[0]);
        }
        return outcomes;
    }

    private object Measure(CommonColumn common, Readers readers, CancellationToken cancellationToken)
    {
        var (column, referenceType, currentType) = common;
        var chosen = options.KindOf(column);
        var role = options.RoleOf(column);
        var kind = chosen ?? Infer(column, role, ref referenceType, ref currentType, readers, cancellationToken);
        if (chosen is null && ColumnKinds.OfType(referenceType) != ColumnKinds.OfType(currentType))
            return new ColumnMeasures
            {
                Column = column,
                Kind = kind,
                Role = role,
                CertainDrift = $"the type changed from {referenceType} to {currentType}",
                Note = TypeConflict.Explain(column, (referenceType, readers.Reference), (currentType, readers.Current), cancellationToken),
            };
        if (chosen is null && role == ColumnRole.Feature && kind == DriftColumnKind.Categorical && IsText(column, readers, cancellationToken) && DateExample(column, readers, cancellationToken) is null)
            kind = DriftColumnKind.Text;
        if (Reason(column, kind, referenceType, chosen is not null, readers, cancellationToken) is { } skipped)
            return skipped;
        var tests = options.TestsOf(column, kind);
        RequireFit(column, kind, tests ?? [], options.Preset);
        if (kind == DriftColumnKind.Numeric)
        {
            TypeConflict.RequireNumbers(reference.Name, column, referenceType, readers.Reference, cancellationToken);
            TypeConflict.RequireNumbers(current.Name, column, currentType, readers.Current, cancellationToken);
        }
        object outcome = kind switch
        {
            DriftColumnKind.Text => TextComparison.Compare(column, tests ?? DriftTests.PresetOfRows(kind, options), options.Text, readers.Reference, readers.Current, cancellationToken),
            DriftColumnKind.Embedding => EmbeddingComparison.Compare(
                column, _groups.GetValueOrDefault(column), tests ?? DriftTests.PresetOfRows(kind, options), readers.Reference, readers.Current, cancellationToken),
            _ when _chunks is { } plan => new ChunkedComparison(plan, options, reference.Rows, current.Rows).Measure(column, kind, tests, readers.Reference, readers.Current, cancellationToken),
            DriftColumnKind.Numeric => Numbers(column, tests, readers, cancellationToken),
            _ => Categories(column, kind, tests, readers, cancellationToken),
        };
        return outcome is ColumnMeasures measures ? measures with { Role = role, Note = measures.Note ?? OfAllRows(kind) } : outcome;
    }

    private string? OfAllRows(DriftColumnKind kind) => _chunks is not null && (kind is DriftColumnKind.Text or DriftColumnKind.Embedding)
        ? "Compared over all rows of both sides, whatever their season or chunk."
        : null;

    // Tests that are given say what the column is for.
    private bool IsText(string column, Readers readers, CancellationToken cancellationToken) => options.TestsOf(column) is { } tests
        ? tests.All(test => test.Compares(DriftColumnKind.Text) && !test.Compares(DriftColumnKind.Categorical))
        : _hasRows
            && TextComparison.IsText(readers.Reference, column, cancellationToken) // looks at some rows, the next at all
            && readers.Reference.Distinct(column, cancellationToken) is > IdDistinct and var distinct
            && distinct > TextDistinctShare * readers.Reference.Count(column, cancellationToken);

    // Whether a column will be read as numbers can be told without reading it.
    private bool IsPlainNumber(CommonColumn column) => options.KindOf(column.Name) is { } kind
        ? kind == DriftColumnKind.Numeric
        : ColumnKinds.Infer(column.Name, column.ReferenceType) == DriftColumnKind.Numeric && ColumnKinds.OfType(column.CurrentType) == DriftColumnKind.Numeric;

    private ColumnMeasures Numbers(string column, IReadOnlyList<DriftTest>? tests, Readers readers, CancellationToken cancellationToken)
    {
        // The other presets choose by the rows and give the numbers of their models: they are always exact where there are rows.
        tests ??= options.Preset == DriftPreset.Workbench ? DriftTests.Preset(DriftColumnKind.Numeric) : null;
        if (!UsesSketch(tests))
        {
            var (whole, others) = (readers.Reference.Numbers(column, cancellationToken), readers.Current.Numbers(column, cancellationToken));
            return ColumnComparison.Numbers(column, tests ?? options.Rules.Choose(ColumnSize.Of(whole, others)), whole, others);
        }
        var (left, right) = readers.Sketch(column, cancellationToken);
        var sketched = new SketchedColumn(column, tests ?? options.Rules.Choose(ColumnSize.Of(left, right)), left, right);
        return options.Precision == DriftPrecision.Sketch || !_hasRows
            ? sketched.Measure()
            : sketched.Decide(_margin, ranges => (readers.Reference.NumbersIn(column, ranges, cancellationToken), readers.Current.NumbersIn(column, ranges, cancellationToken)), _plan.RefineValues);
    }

    private bool UsesSketch(IReadOnlyList<DriftTest>? tests) => !_hasRows || !IsSmall && options.Precision switch
    {
        DriftPrecision.Exact => false,
        DriftPrecision.Sketch => tests?.All(test => test.Sketch is not null || test.Values is not null) ?? true,
        _ => tests?.All(test => test.Sketch is not null) ?? false,
    };

    private ColumnMeasures Categories(string column, DriftColumnKind kind, IReadOnlyList<DriftTest>? tests, Readers readers, CancellationToken cancellationToken)
    {
        if (options.Precision != DriftPrecision.Exact || !_hasRows)
        {
            var sketches = readers.SketchCategories(column, cancellationToken);
            if (sketches.Reference.IsExact && sketches.Current.IsExact || options.Precision == DriftPrecision.Sketch || !_hasRows)
                return SketchedCategories.Measure(
                    column, kind, tests ?? options.Rules.Choose(ColumnSize.Of(kind, sketches.Reference.Kept, sketches.Current.Kept)), sketches.Reference, sketches.Current, options.NewCategoryShare);
        }
        var (left, right) = (readers.Reference.Categories(column, cancellationToken), readers.Current.Categories(column, cancellationToken));
        return ColumnComparison.Categories(column, kind, tests ?? options.Rules.Choose(ColumnSize.Of(kind, left, right)), left, right, options.NewCategoryShare);
    }

    // A column without any value has whatever type its reader guessed: it takes the other side's.
    private DriftColumnKind Infer(string column, ColumnRole role, ref string referenceType, ref string currentType, Readers readers, CancellationToken cancellationToken)
    {
        if (ColumnKinds.OfType(referenceType) != ColumnKinds.OfType(currentType))
        {
            if (readers.Reference.Count(column, cancellationToken) == 0)
                referenceType = currentType;
            else if (readers.Current.Count(column, cancellationToken) == 0)
                currentType = referenceType;
        }
        if (role != ColumnRole.Feature)
            return RoleKinds.Infer(role, column, referenceType, readers.Reference, readers.Current, cancellationToken);
        return options.Rules.CategoricalIntegers is > 0 and var most && ColumnKinds.IsInteger(currentType) && readers.Current.Distinct(column, cancellationToken) <= most
            ? DriftColumnKind.Categorical
            : ColumnKinds.Infer(column, referenceType);
    }

    private SkippedColumn? Reason(string column, DriftColumnKind kind, string type, bool isChosen, Readers readers, CancellationToken cancellationToken) => kind switch
    {
        _ when column == _chunks?.Time && !isChosen => new(column, kind, "It is the time of the rows."),
        DriftColumnKind.Id => new(column, kind, isChosen ? "An id by the options." : "Its name or type says that it names rows. Set its kind to compare it."),
        DriftColumnKind.DateTime => new(column, kind, "Dates and times move by themselves."),
        DriftColumnKind.Other => new(column, kind, $"Its type {type} is not compared: take it apart in a query, or set its kind."),
        DriftColumnKind.Text or DriftColumnKind.Embedding when !_hasRows => new(column, kind, "A profile holds no texts and no vectors. Compare with the rows themselves."),
        DriftColumnKind.Categorical when !isChosen && options.TestsOf(column) is null && options.RoleOf(column) == ColumnRole.Feature && DateExample(column, readers, cancellationToken) is { } date =>
            new(column, DriftColumnKind.DateTime, $"Its values are dates written as text, such as '{date}', and move by themselves. Set its kind to Categorical to compare it."),
        DriftColumnKind.Categorical when !isChosen && options.TestsOf(column) is null && options.RoleOf(column) == ColumnRole.Feature && IsNearlyUnique(column, readers, cancellationToken) =>
            new(column, DriftColumnKind.Id, "Most of its values are different: it names rows. Set its kind to Categorical to compare it."),
        _ => null,
    };

    private static string? DateExample(string column, Readers readers, CancellationToken cancellationToken) =>
        TextDates.Example(column, readers.Reference, cancellationToken) is { } date && TextDates.Example(column, readers.Current, cancellationToken) is not null ? date : null;

    private bool IsNearlyUnique(string column, Readers readers, CancellationToken cancellationToken)
    {
        var (distinct, count) = options.Precision != DriftPrecision.Exact || !_hasRows
            ? readers.CountDistinct(column, _hasRows, cancellationToken)
            : (readers.Reference.Distinct(column, cancellationToken), readers.Reference.Count(column, cancellationToken));
        return distinct > IdDistinct && distinct > 0.5 * count;
    }

    private bool IsChosen(string column) => options.IsChosen(column);

    private static void RequireRows(DriftInput input, string side)
    {
        if (input.Rows == 0)
            throw new DataException($"The {side} '{input.Name}' has 0 rows; there is nothing to compare. Widen its window or check its source.") { Origin = input.Name };
    }

    private IEnumerable<SkippedColumn> RenamedColumns() => ColumnMatch.OtherCase(reference, current).Where(pair => IsChosen(pair.Reference))
        .Select(pair => new SkippedColumn(pair.Reference, DriftColumnKind.Other, $"The current rows call it '{pair.Current}'. Names must be equal, also in case: rename one, or give a query with AS."));

    // One worker's readers, with the sketches of the block of columns it is at.
    private sealed class Readers(ColumnReader reference, ColumnReader current) : IDisposable
    {
        private readonly Dictionary<string, (NumericSketch, NumericSketch)> _sketches = new(StringComparer.Ordinal);
        private IReadOnlyList<string> _block = [];
        private (string Column, CategorySketch Reference, CategorySketch Current)? _categories;

        public ColumnReader Reference { get; } = reference;
        public ColumnReader Current { get; } = current;

        /// <summary>Goes on to other columns; those that are read as numbers are sketched in one scan.</summary>
        public void Begin(IReadOnlyList<string> numbers)
        {
            _block = numbers;
            _sketches.Clear();
        }

        public (NumericSketch Reference, NumericSketch Current) Sketch(string column, CancellationToken cancellationToken)
        {
            if (_sketches.TryGetValue(column, out var found))
                return found;
            IReadOnlyList<string> columns = _block.Contains(column) ? _block : [column];
            var (left, right) = (Reference.Sketch(columns, cancellationToken), Current.Sketch(columns, cancellationToken));
            for (int i = 0; i < columns.Count; i++)
                _sketches[columns[i]] = (left[i], right[i]);
            return _sketches[column];
        }

        public (CategorySketch Reference, CategorySketch Current) SketchCategories(string column, CancellationToken cancellationToken)
        {
            if (_categories?.Column != column)
                _categories = (column, Reference.SketchCategories(column, cancellationToken), Current.SketchCategories(column, cancellationToken));
            return (_categories.Value.Reference, _categories.Value.Current);
        }

        /// <summary>Different values and values of the reference.</summary>
        public (long Distinct, long Count) CountDistinct(string column, bool hasRows, CancellationToken cancellationToken)
        {
            var sketch = SketchCategories(column, cancellationToken).Reference;
            // What is not kept: no category there has more rows than the largest error.
            long distinct = sketch.IsExact ? sketch.Counts.Count
                : hasRows ? Reference.Distinct(column, cancellationToken)
                : sketch.Counts.Count + sketch.OtherRows / Math.Max(1, sketch.MaxError);
            return (distinct, sketch.Count);
        }

        public void Dispose()
        {
            Reference.Dispose();
            Current.Dispose();
        }
    }
}
