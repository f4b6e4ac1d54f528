using System.Runtime.ExceptionServices;
using Workbench.Drift.Sources;

namespace Workbench.Drift.Causes;

/// <summary>Rows and quantities of both sides in the cells of columns or of pairs of columns; one reading a side and batch.</summary>
internal sealed class CauseCounts
{
    /// <summary>Stands for the rows themselves where a quantity is asked for.</summary>
    public const int Rows = -1;

    // Columns, or pairs, that one reading counts.
    private const int Batch = 100;

    private readonly Dictionary<(string, string?), int> _positions;
    private readonly SliceGrid[][][] _grids; // [side][quantity + 1][columns]
    private readonly Tally[][] _totals; // [side][quantity + 1]

    public CauseCounts(DuckInput reference, DuckInput current, IReadOnlyList<(CauseBins First, CauseBins? Second)> columns, IReadOnlyList<CauseQuantity> quantities, CancellationToken cancellationToken)
    {
        Columns = columns;
        _positions = columns.Select((pair, i) => (pair, i)).ToDictionary(one => Key(one.pair.First, one.pair.Second), one => one.i);
        DuckInput[] sides = [reference, current];
        _grids = sides.Select(_ => Enumerable.Range(0, quantities.Count + 1).Select(_ => columns.Select(pair => new SliceGrid(pair.First, pair.Second)).ToArray()).ToArray()).ToArray();
        _totals = sides.Select(_ => new Tally[quantities.Count + 1]).ToArray();
        var work = from side in Enumerable.Range(0, sides.Length)
                   from batch in Enumerable.Range(0, Math.Max(1, (columns.Count + Batch - 1) / Batch))
                   select (side, first: batch * Batch);
        try
        {
            Parallel.ForEach(work, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, one =>
                Count(sides[one.side], one.side, one.first, quantities, cancellationToken));
        }
        catch (AggregateException failures)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ExceptionDispatchInfo.Throw(failures.Flatten().InnerExceptions[0]);
        }
        foreach (var grid in _grids.SelectMany(side => side).SelectMany(quantity => quantity))
            grid.Sum();
    }

    /// <summary>What was counted.</summary>
    public IReadOnlyList<(CauseBins First, CauseBins? Second)> Columns { get; }

    /// <summary>All rows that have the quantity.</summary>
    public TallyPair Total(int quantity) => new(_totals[0][quantity + 1], _totals[1][quantity + 1]);

    public (SliceGrid Reference, SliceGrid Current) Grids(CauseBins first, CauseBins? second, int quantity)
    {
        int position = _positions[Key(first, second)];
        return (_grids[0][quantity + 1][position], _grids[1][quantity + 1][position]);
    }

    private static (string, string?) Key(CauseBins first, CauseBins? second) => (first.Column, second?.Column);

    private void Count(DuckInput input, int side, int first, IReadOnlyList<CauseQuantity> quantities, CancellationToken cancellationToken)
    {
        var pairs = Columns.Skip(first).Take(Batch).ToList();
        var read = pairs.SelectMany(pair => pair.Second is null ? [pair.First] : new[] { pair.First, pair.Second }).Distinct().ToList();
        var places = pairs.Select(pair => (First: read.IndexOf(pair.First), Second: pair.Second is null ? -1 : read.IndexOf(pair.Second))).ToList();
        CauseReader.Read(input, read, quantities, (cells, values, rows) =>
        {
            for (int quantity = Rows; quantity < quantities.Count; quantity++)
            {
                // Every batch reads all rows; one of them counts the totals.
                if (first == 0)
                    _totals[side][quantity + 1] = Add(_totals[side][quantity + 1], quantity == Rows ? null : values[quantity], rows);
                for (int i = 0; i < places.Count; i++)
                    Add(_grids[side][quantity + 1][first + i], cells[places[i].First], places[i].Second < 0 ? null : cells[places[i].Second], quantity == Rows ? null : values[quantity], rows);
            }
        }, cancellationToken);
    }

    private static Tally Add(Tally total, double[]? values, int rows)
    {
        for (int row = 0; row < rows; row++)
            if (values is null || !double.IsNaN(values[row]))
                total = total.With(values?[row] ?? 1);
        return total;
    }

    private static void Add(SliceGrid grid, int[] first, int[]? second, double[]? values, int rows)
    {
        for (int row = 0; row < rows; row++)
            if (values is null || !double.IsNaN(values[row]))
                grid.Add(first[row], second?[row] ?? 0, values?[row] ?? 1);
    }
}
