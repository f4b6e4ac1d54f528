using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Workbench.Drift.Sources;

namespace Workbench.Drift;

/// <summary>Sketches the columns of one side on several workers.</summary>
internal sealed class ProfileBuilder(DriftInput input, DriftOptions options)
{
    public DriftProfile Build(CancellationToken cancellationToken)
    {
        var names = input.Columns.Select(column => column.Name).ToList();
        options.Validate(names, names);
        var chosen = input.Columns.Where(column => (options.Columns?.Contains(column.Name) ?? true) && !options.Exclude.Contains(column.Name))
            .Select(column => new DriftProfileColumn { Name = column.Name, Type = column.Type, Kind = options.KindOf(column.Name) ?? ColumnKinds.Infer(column.Name, column.Type) }).ToList();
        var plan = MemoryPlan.Of(options, chosen.Count, 0);
        input.LimitMemory(plan.DatabaseBytes);
        return new(input.Name, input.Rows, Sketch(chosen, plan, cancellationToken));
    }

    private DriftProfileColumn[] Sketch(IReadOnlyList<DriftProfileColumn> columns, MemoryPlan plan, CancellationToken cancellationToken)
    {
        var sketched = new DriftProfileColumn[columns.Count];
        int done = 0;
        var clock = Stopwatch.StartNew();
        var blocks = columns.Select((column, i) => (Column: column, Place: i)).Chunk(plan.BlockColumns).ToList();
        try
        {
            Parallel.ForEach(
                blocks, new ParallelOptions { MaxDegreeOfParallelism = plan.Workers, CancellationToken = cancellationToken },
                input.Connect,
                (block, _, reader) =>
                {
                    foreach (var (column, place) in Sketch(block, reader, cancellationToken))
                    {
                        sketched[place] = column;
                        options.Progress?.Report(new(Interlocked.Increment(ref done), columns.Count, column.Name, input.Rows, clock.Elapsed));
                    }
                    return reader;
                },
                reader => reader.Dispose());
        }
        catch (AggregateException failures)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ExceptionDispatchInfo.Throw(failures.Flatten().InnerExceptions[0]);
        }
        return sketched;
    }

    private static IEnumerable<(DriftProfileColumn Column, int Place)> Sketch(
        IReadOnlyList<(DriftProfileColumn Column, int Place)> block, ColumnReader reader, CancellationToken cancellationToken)
    {
        var numbers = block.Where(one => one.Column.Kind == DriftColumnKind.Numeric).ToList();
        var sketches = numbers.Count == 0 ? [] : reader.Sketch(numbers.Select(one => one.Column.Name).ToList(), cancellationToken);
        for (int i = 0; i < numbers.Count; i++)
            yield return (numbers[i].Column with { Numbers = sketches[i] }, numbers[i].Place);
        foreach (var (column, place) in block.Where(one => one.Column.Kind != DriftColumnKind.Numeric))
            yield return (HasCategories(column.Kind) ? column with { Categories = reader.SketchCategories(column.Name, cancellationToken) } : column, place);
    }

    private static bool HasCategories(DriftColumnKind kind) => kind is DriftColumnKind.Categorical or DriftColumnKind.Boolean;
}
