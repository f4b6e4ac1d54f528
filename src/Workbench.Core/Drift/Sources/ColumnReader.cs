using Workbench.Drift.Categorical;
using Workbench.Drift.Numeric;
using Workbench.Drift.Sketches;

namespace Workbench.Drift.Sources;

/// <summary>Reads the columns of one side, one after the other; for one thread at a time. A source's own failures come out as <see cref="Data.DataException"/> with its name.</summary>
internal abstract class ColumnReader : IDisposable
{
    /// <summary>The column as DOUBLE, whole.</summary>
    public abstract NumericColumn Numbers(string column, CancellationToken cancellationToken);

    /// <summary>Rows of each value as text.</summary>
    public abstract CategoryColumn Categories(string column, CancellationToken cancellationToken);

    /// <summary>Rows whose value is not NULL.</summary>
    public abstract long Count(string column, CancellationToken cancellationToken);

    /// <summary>Different values, NULL not counted.</summary>
    public abstract long Distinct(string column, CancellationToken cancellationToken);

    /// <summary>Sketches of columns as DOUBLE, in their order and, where the source can, in one scan. Here each is read whole: a source for large data overrides it.</summary>
    public virtual IReadOnlyList<NumericSketch> Sketch(IReadOnlyList<string> columns, CancellationToken cancellationToken) =>
        columns.Select(column =>
        {
            var values = Numbers(column, cancellationToken);
            var sketch = new NumericSketchBuilder();
            sketch.Add(values.Values, []);
            sketch.Add(default, values.Nulls, values.NotFinite);
            return sketch.Build();
        }).ToList();

    /// <summary>The finite values that lie in any of the closed <paramref name="ranges"/>, which ascend and do not overlap. Here the column is read whole.</summary>
    public virtual NumericColumn NumbersIn(string column, IReadOnlyList<(double Low, double High)> ranges, CancellationToken cancellationToken)
    {
        var all = Numbers(column, cancellationToken);
        var chosen = new NumericColumnBuilder(0);
        foreach (var (low, high) in ranges)
        {
            int first = NumericBins.Below(all.Values, low), after = NumericBins.Below(all.Values, double.BitIncrement(high));
            chosen.Add(all.Values[first..after], []);
        }
        return chosen.Build();
    }

    /// <summary>The most frequent values as text, with their rows.</summary>
    public virtual CategorySketch SketchCategories(string column, CancellationToken cancellationToken)
    {
        var all = Categories(column, cancellationToken);
        return CategorySketch.Of(all.Counts, all.Nulls);
    }

    public abstract void Dispose();
}
