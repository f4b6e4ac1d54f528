namespace Workbench.Drift.Causes;

/// <summary>Sums over the cells of one column, or of two, that give any rectangle of cells in constant time.</summary>
internal sealed class SliceGrid
{
    private readonly Tally[,] _cells;

    public SliceGrid(CauseBins first, CauseBins? second)
    {
        (First, Second) = (first, second);
        _cells = new Tally[first.Cells + 1, (second?.Cells ?? 1) + 1];
    }

    public CauseBins First { get; }
    public CauseBins? Second { get; }

    /// <summary>Counts one row; not after <see cref="Sum"/>.</summary>
    public void Add(int first, int second, double value)
    {
        ref var cell = ref _cells[first + 1, second + 1];
        cell = cell.With(value);
    }

    /// <summary>Makes the prefix sums; once, before <see cref="Of"/>.</summary>
    public SliceGrid Sum()
    {
        for (int i = 1; i < _cells.GetLength(0); i++)
            for (int j = 1; j < _cells.GetLength(1); j++)
                _cells[i, j] = _cells[i, j] + _cells[i - 1, j] + _cells[i, j - 1] - _cells[i - 1, j - 1];
        return this;
    }

    /// <summary>The rows whose cells lie in both intervals.</summary>
    public Tally Of((int First, int Last) first, (int First, int Last) second) =>
        _cells[first.Last + 1, second.Last + 1] - _cells[first.First, second.Last + 1] - _cells[first.Last + 1, second.First] + _cells[first.First, second.First];
}
