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

    private readonly double[] _values;
    // Rows below value i, and the sum of their distance from the shift; one more at the end.
    private readonly long[] _rows;
    private readonly double[] _sums;
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
        (_values, _rows) = Distinct(sorted);
        _shift = sorted[sorted.Length / 2];
        _sums = new double[_values.Length + 1];
        for (int i = 0; i < _values.Length; i++)
            _sums[i + 1] = _sums[i] + (_values[i] - _shift) * (_rows[i + 1] - _rows[i]);
        _cells = Cells(Math.Max(FewestCells, sorted.Length / Math.Max(1, chunks)));
    }

    public NumericColumn Column { get; }
    /// <summary>True when no two different values share a cell.</summary>
    public bool IsExact => _cells.Length == _values.Length + 1;

    /// <summary>Reference and chunk merged. <paramref name="without"/>: the chunk is part of the reference, and its rows are left out there; some must remain.</summary>
    public MergedValues Merge(ChunkSide side, bool without)
    {
        var chunk = side.Values;
        _merged.Clear();
        int next = 0, cell = 0;
        for (int i = 0; i < chunk.Length;)
        {
            double value = chunk[i];
            int first = i;
            while (i < chunk.Length && chunk[i] == value)
                i++;
            int place = Search(value, next);
            AddCells(next, place, Crossing(next, place, (double)first * Column.Count / chunk.Length), ref cell);
            long here = place < _values.Length && _values[place] == value ? _rows[place + 1] - _rows[place] : 0;
            _merged.Add(value, here - (without ? i - first : 0), i - first);
            next = here > 0 ? place + 1 : place;
        }
        AddCells(next, _values.Length, -1, ref cell);
        return _merged.ToMerged(without ? new RemainingSide(Column, side, _values, _rows) : Column, side);
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

    // The distinct value between first and end at which the reference passes the chunk's share of rows, or -1. With and
    // without the chunk's own rows it is the same one, since F - G = (1 - m / n) (F without the chunk - G).
    private int Crossing(int first, int end, double rows)
    {
        if (first >= end || rows <= _rows[first] || rows >= _rows[end])
            return -1;
        int low = first, high = end - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_rows[middle + 1] < rows)
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
            long rows = _rows[last] - _rows[first];
            double mean = last - first == 1 ? _values[first] : _shift + (_sums[last] - _sums[first]) / rows;
            // Rounding, or sums beyond the range of double, must not leave the cell.
            _merged.Add(double.IsNaN(mean) ? _values[first] : Math.Clamp(mean, _values[first], _values[last - 1]), rows, 0);
            first = last;
        }
    }

    // First distinct value from a place on that is not below the given one: steps that double, then a binary search.
    private int Search(double value, int from)
    {
        int low = from, step = 1;
        while (low + step < _values.Length && _values[low + step] < value)
        {
            low += step;
            step *= 2;
        }
        int high = Math.Min(_values.Length, low + step + 1);
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_values[middle] < value)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private static (double[], long[]) Distinct(ReadOnlySpan<double> sorted)
    {
        int distinct = 1;
        for (int i = 1; i < sorted.Length; i++)
            distinct += sorted[i] != sorted[i - 1] ? 1 : 0;
        var values = new double[distinct];
        var rows = new long[distinct + 1];
        for (int i = 0, k = -1; i < sorted.Length; i++)
        {
            if (i == 0 || sorted[i] != sorted[i - 1])
                values[++k] = sorted[i];
            rows[k + 1] = i + 1;
        }
        return (values, rows);
    }

    // A cell ends where it holds its part of the rows or of the variance, so that neither the middle nor a long tail is coarse.
    private int[] Cells(int wanted)
    {
        if (_values.Length <= wanted)
            return Enumerable.Range(0, _values.Length + 1).ToArray();
        double variance = Column.StandardDeviation * Column.StandardDeviation, part = 2.0 / wanted, weight = 0;
        var cells = new List<int> { 0 };
        for (int i = 0; i < _values.Length; i++)
        {
            double share = (double)(_rows[i + 1] - _rows[i]) / Column.Count, gap = _values[i] - Column.Mean;
            double own = share * (1 + (variance > 0 && double.IsFinite(variance) ? gap * gap / variance : 1));
            if (weight > 0 && weight + own > part)
            {
                cells.Add(i);
                weight = 0;
            }
            weight += own;
        }
        cells.Add(_values.Length);
        return [.. cells];
    }
}
