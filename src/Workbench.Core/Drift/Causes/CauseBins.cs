using Workbench.Drift.Numeric;

namespace Workbench.Drift.Causes;

/// <summary>
/// The cells of one column: bins or listed categories, then (categories only) the others, then the rows without a value.
/// </summary>
internal sealed class CauseBins
{
    private readonly double[] _edges = [];
    private readonly IReadOnlyList<string> _categories = [];

    private CauseBins(string column, double[] edges) => (Column, _edges, IsNumeric, Cells) = (column, edges, true, edges.Length + 2);

    private CauseBins(string column, IReadOnlyList<string> categories) => (Column, _categories, Cells) = (column, categories, categories.Count + 2);

    public string Column { get; }
    public bool IsNumeric { get; }
    public int Cells { get; }
    public int Missing => Cells - 1;

    /// <summary>Listed values, whose position is their cell.</summary>
    public IReadOnlyList<string> Categories => _categories;

    /// <summary>About ten bins of equal reference rows; a value that fills one alone has its own.</summary>
    public static CauseBins Of(string column, ReadOnlySpan<double> values) =>
        new(column, values.IsEmpty ? [] : NumericBins.ByQuantiles(NumericColumn.Of(values), 10));

    public static CauseBins Of(string column, IReadOnlyList<string> categories) => new(column, categories);

    /// <summary>The cell of a number.</summary>
    public int Cell(double value)
    {
        if (!double.IsFinite(value))
            return Missing;
        int cell = 0;
        while (cell < _edges.Length && value >= _edges[cell])
            cell++;
        return cell;
    }

    /// <summary>What may make a slice: every range of bins but the whole, every listed category, the rows without a value.</summary>
    public IEnumerable<(int First, int Last)> Intervals()
    {
        int bins = IsNumeric ? Cells - 1 : _categories.Count;
        for (int first = 0; first < bins; first++)
            for (int last = first; last < (IsNumeric ? bins : first + 1); last++)
                if (!IsNumeric || last - first < bins - 1)
                    yield return (first, last);
        yield return (Missing, Missing);
    }

    public SliceCondition Condition((int First, int Last) interval) => interval.First == Missing
        ? new() { Column = Column, IsMissing = true }
        : IsNumeric
            ? new() { Column = Column, Lower = interval.First == 0 ? null : _edges[interval.First - 1], Upper = interval.Last == _edges.Length ? null : _edges[interval.Last] }
            : new() { Column = Column, Category = _categories[interval.First] };
}
