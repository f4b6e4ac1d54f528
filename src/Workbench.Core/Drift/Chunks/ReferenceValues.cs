using Workbench.Drift.Numeric;

namespace Workbench.Drift.Chunks;

/// <summary>
/// The values of a reference, prepared to be compared with many chunks at the cost of their own rows: its distinct values,
/// grouped into few cells. A chunk is merged with the cells; a cell is split where the chunk has a value, and where both
/// distribution functions cross, and its rows stand at their mean. So ranks and the area between the functions are those of
/// all rows; bins and moments are taken from both sides as they are. With no more distinct values than cells nothing is
/// grouped. For one thread.
/// </summary>
internal sealed class ReferenceValues
{
    private const int FewestCells = 1024;

    // The distinct values, and one step more at the end with a value above all.
    private readonly Step[] _steps;
    private readonly double _shift;
    // First distinct value of each cell; one more at the end.
    private readonly int[] _cells;
    private readonly MergedList _merged = new();

    /// <param name="column">At least one value.</param>
    /// <param name="chunks">Chunks that will be compared: cells times chunks shall not exceed the rows by much.</param>
    public ReferenceValues(NumericColumn column, int chunks)
    {
        Column = column;
        var sorted = column.Values;
        _shift = sorted[sorted.Length / 2];
        _steps = Steps(sorted, _shift);
        _cells = Cells(Math.Max(FewestCells, sorted.Length / Math.Max(1, chunks)));
    }

    public NumericColumn Column { get; }
    /// <summary>True when no two different values share a cell.</summary>
    public bool IsExact => _cells.Length == _steps.Length;
    /// <summary>Number of distinct values.</summary>
    public int Distinct => _steps.Length - 1;

    /// <summary>The distinct value of that number, from 0, ascending.</summary>
    public double ValueAt(int number) => _steps[number].Value;

    /// <summary>Rows below it; all rows for the number of distinct values.</summary>
    public long RowsBelow(int number) => _steps[number].Rows;

    /// <summary>The place of a value: how many distinct values are below it. Takes steps from the place of a value that is not above it, so that ascending values pass the reference once.</summary>
    public int Place(double value, int from)
    {
        while (_steps[from].Value < value)
            from++;
        return from;
    }

    /// <summary>Reference and chunk merged.</summary>
    /// <param name="side">The chunk.</param>
    /// <param name="places">Of its values, as <see cref="Place"/> gives them.</param>
    /// <param name="without">True when the chunk is part of the reference, to leave its rows out there; some must remain.</param>
    public MergedValues Merge(ChunkSide side, ReadOnlySpan<int> places, bool without)
    {
        var chunk = side.Values;
        _merged.Clear();
        int next = 0, cell = 0;
        for (int i = 0; i < chunk.Length;)
        {
            double value = chunk[i];
            int first = i, place = places[i];
            while (i < chunk.Length && chunk[i] == value)
                i++;
            AddCells(next, place, Crossing(next, place, (long)first * Column.Count, chunk.Length), ref cell);
            long here = _steps[place].Value == value ? _steps[place + 1].Rows - _steps[place].Rows : 0;
            _merged.Add(value, here - (without ? i - first : 0), i - first);
            next = here > 0 ? place + 1 : place;
        }
        AddCells(next, Distinct, -1, ref cell);
        return _merged.ToMerged(without ? new RemainingSide(this, side) : Column, side);
    }

    /// <summary>The reference without the rows of one of its chunks.</summary>
    public NumericColumn Without(ReadOnlySpan<double> chunk)
    {
        var rest = new double[Column.Count - chunk.Length];
        int count = 0, next = 0;
        foreach (double value in Column.Values)
            if (next < chunk.Length && chunk[next] == value)
                next++;
            else
                rest[count++] = value;
        return new(rest, count, 0, 0);
    }

    // The distinct value between first and end at which the reference passes the chunk's share of rows, below / m, or -1. With and
    // without the chunk's own rows it is the same one, since F - G = (1 - m / n) (F without the chunk - G). Scaled: rows · m.
    private int Crossing(int first, int end, long scaled, long m)
    {
        if (first >= end || scaled <= _steps[first].Rows * m || scaled >= _steps[end].Rows * m)
            return -1;
        int low = first, high = end - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_steps[middle + 1].Rows * m < scaled)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    // Rows of the distinct values from first to end (not in it), a cell each; the crossing value has one for itself.
    private void AddCells(int first, int end, int crossing, ref int cell)
    {
        while (first < end)
        {
            while (_cells[cell + 1] <= first)
                cell++;
            int last = first == crossing ? first + 1 : Math.Min(end, _cells[cell + 1]);
            if (first < crossing && crossing < last)
                last = crossing;
            Step from = _steps[first], to = _steps[last];
            long rows = to.Rows - from.Rows;
            double mean = last - first == 1 ? from.Value : _shift + (to.Sum - from.Sum) / rows;
            // Rounding, or sums beyond the range of double, must not leave the cell.
            _merged.Add(double.IsNaN(mean) ? from.Value : Math.Clamp(mean, from.Value, _steps[last - 1].Value), rows, 0);
            first = last;
        }
    }

    private static Step[] Steps(ReadOnlySpan<double> sorted, double shift)
    {
        int distinct = 1;
        for (int i = 1; i < sorted.Length; i++)
            distinct += sorted[i] != sorted[i - 1] ? 1 : 0;
        var steps = new Step[distinct + 1];
        double sum = 0;
        for (int i = 0, k = 0; i < sorted.Length; k++)
        {
            steps[k] = new(sorted[i], i, sum);
            int first = i;
            while (i < sorted.Length && sorted[i] == sorted[first])
                i++;
            sum += (sorted[first] - shift) * (i - first);
        }
        steps[distinct] = new(double.PositiveInfinity, sorted.Length, sum);
        return steps;
    }

    // A cell ends where it holds its part of the rows or of the variance, so that neither the middle nor a long tail is coarse.
    private int[] Cells(int wanted)
    {
        if (Distinct <= wanted)
            return Enumerable.Range(0, Distinct + 1).ToArray();
        double variance = Column.StandardDeviation * Column.StandardDeviation, part = 2.0 / wanted, weight = 0;
        var cells = new List<int> { 0 };
        for (int i = 0; i < Distinct; i++)
        {
            double share = (double)(_steps[i + 1].Rows - _steps[i].Rows) / Column.Count, gap = _steps[i].Value - Column.Mean;
            double own = share * (1 + (variance > 0 && double.IsFinite(variance) ? gap * gap / variance : 1));
            if (weight > 0 && weight + own > part)
            {
                cells.Add(i);
                weight = 0;
            }
            weight += own;
        }
        cells.Add(Distinct);
        return [.. cells];
    }

    /// <param name="Value">A distinct value.</param>
    /// <param name="Rows">Rows below it.</param>
    /// <param name="Sum">Sum of their distances from the shift.</param>
    private readonly record struct Step(double Value, long Rows, double Sum);
}
