using System.Runtime.ExceptionServices;
using Workbench.Data;
using Workbench.Drift.Causes;
using Workbench.Drift.Chunks;
using Workbench.Drift.Embeddings;
using Workbench.Drift.Multivariate;
using Workbench.Drift.Presets;
using Workbench.Drift.Quality;
using Workbench.Drift.Quality.Scanning;
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

    public DriftReport Run(CancellationToken cancellationToken)
    {
        RequireRows(reference, "reference");
        RequireRows(current, "current");
        var types = current.Columns.ToDictionary(column => column.Name, column => column.Type, StringComparer.Ordinal);
        var common = reference.Columns.Where(column => types.ContainsKey(column.Name)).ToList();
        if (common.Count == 0)
            throw new DataException($"'{reference.Name}' and '{current.Name}' have no column in common: {Names(reference)} against {Names(current)}. Names must be equal, also in case.");
        options.Validate(common.Select(column => column.Name).ToList(), reference.Columns.Concat(current.Columns).Select(column => column.Name).Distinct(StringComparer.Ordinal).ToList());
        _chunks = ChunkPlan.Of(reference, current, options, cancellationToken);
        _groups = options.Embeddings(common.Select(column => column.Name).ToList());
        var grouped = _groups.Values.SelectMany(columns => columns).ToHashSet(StringComparer.Ordinal);
        var chosen = common.Where(column => IsChosen(column.Name) && !grouped.Contains(column.Name)).ToList();
        var outcomes = Measure(
            [.. chosen.Select(column => (column.Name, column.Type, types[column.Name])), .. _groups.Keys.Where(IsChosen).Select(name => (name, "DOUBLE[]", "DOUBLE[]"))], cancellationToken);
        var together = TableComparison.Run(reference, current, outcomes.OfType<ColumnMeasures>().ToList(), options, cancellationToken);
        return new()
        {
            Reference = reference.Name,
            Current = current.Name,
            ReferenceRows = reference.Rows,
            CurrentRows = current.Rows,
            Columns = DriftDecision.Decide(outcomes.OfType<ColumnMeasures>().ToList(), options.Correction),
            Skipped = outcomes.OfType<SkippedColumn>().ToList(),
            NewColumns = current.Columns.Select(column => column.Name).Where(IsChosen).Except(common.Select(column => column.Name)).ToList(),
            MissingColumns = reference.Columns.Select(column => column.Name).Where(IsChosen).Except(types.Keys).ToList(),
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

    // The outcome of a column is a ColumnMeasures or a SkippedColumn.
    private object[] Measure(IReadOnlyList<(string Name, string ReferenceType, string CurrentType)> columns, CancellationToken cancellationToken)
    {
        var outcomes = new object[columns.Count];
        int done = 0;
        try
        {
            Parallel.For(
                0, columns.Count,
                new ParallelOptions { MaxDegreeOfParallelism = options.Workers, CancellationToken = cancellationToken },
                () => new Readers(reference.Connect(), current.Connect()),
                (i, _, readers) =>
                {
                    outcomes[i] = Measure(columns[i].Name, columns[i].ReferenceType, columns[i].CurrentType, readers, cancellationToken);
                    options.Progress?.Report(new(Interlocked.Increment(ref done), columns.Count, columns[i].Name));
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

    private object Measure(string column, string referenceType, string currentType, Readers readers, CancellationToken cancellationToken)
    {
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
                Note = $"Not compared further: {referenceType} became {currentType}. Mend the source, or set the column's kind to compare it as that.",
            };
        if (chosen is null && role == ColumnRole.Feature && kind == DriftColumnKind.Categorical && IsText(column, readers, cancellationToken))
            kind = DriftColumnKind.Text;
        if (Reason(column, kind, chosen is not null, readers, cancellationToken) is { } skipped)
            return skipped;
        var tests = options.TestsOf(column, kind);
        RequireFit(column, kind, tests ?? [], options.Preset);
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
        : readers.Reference.Distinct(column, cancellationToken) is > IdDistinct and var distinct
            && distinct > TextDistinctShare * readers.Reference.Count(column, cancellationToken)
            && TextComparison.IsText(readers.Reference, column, cancellationToken);

    private ColumnMeasures Numbers(string column, IReadOnlyList<DriftTest>? tests, Readers readers, CancellationToken cancellationToken)
    {
        var (left, right) = (readers.Reference.Numbers(column, cancellationToken), readers.Current.Numbers(column, cancellationToken));
        return ColumnComparison.Numbers(column, tests ?? options.Rules.Choose(ColumnSize.Of(left, right)), left, right);
    }

    private ColumnMeasures Categories(string column, DriftColumnKind kind, IReadOnlyList<DriftTest>? tests, Readers readers, CancellationToken cancellationToken)
    {
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

    private SkippedColumn? Reason(string column, DriftColumnKind kind, bool isChosen, Readers readers, CancellationToken cancellationToken) => kind switch
    {
        _ when column == _chunks?.Time && !isChosen => new(column, kind, "It is the time of the rows."),
        DriftColumnKind.Id => new(column, kind, isChosen ? "An id by the options." : "Its name or type says that it names rows. Set its kind to compare it."),
        DriftColumnKind.DateTime => new(column, kind, "Dates and times move by themselves."),
        DriftColumnKind.Other => new(column, kind, "Its type is not compared."),
        DriftColumnKind.Categorical when !isChosen && options.TestsOf(column) is null && options.RoleOf(column) == ColumnRole.Feature && IsNearlyUnique(column, readers, cancellationToken) =>
            new(column, DriftColumnKind.Id, "Most of its values are different: it names rows. Set its kind to Categorical to compare it."),
        _ => null,
    };

    private static bool IsNearlyUnique(string column, Readers readers, CancellationToken cancellationToken)
    {
        long distinct = readers.Reference.Distinct(column, cancellationToken);
        return distinct > IdDistinct && distinct > 0.5 * readers.Reference.Count(column, cancellationToken);
    }

    private bool IsChosen(string column) => (options.Columns?.Contains(column) ?? true) && !options.Exclude.Contains(column);

    private static void RequireRows(DriftInput input, string side)
    {
        if (input.Rows == 0)
            throw new DataException($"The {side} '{input.Name}' has 0 rows; there is nothing to compare. Widen its window or check its source.") { Origin = input.Name };
    }

    private static string Names(DriftInput input) => $"[{string.Join(", ", input.Columns.Take(20).Select(column => column.Name))}]";

    private sealed record Readers(ColumnReader Reference, ColumnReader Current) : IDisposable
    {
        public void Dispose()
        {
            Reference.Dispose();
            Current.Dispose();
        }
    }
}
