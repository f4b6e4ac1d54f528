using Workbench.Drift.Categorical;
using Workbench.Drift.Numeric;
using Workbench.Drift.Sketches;

namespace Workbench.Drift.Sources;

/// <summary>Reads the columns of one side, one after the other; for one thread at a time. A source's own failures come out as <see cref="Data.DataException"/> with its name.</summary>
internal abstract class ColumnReader : IDisposable
{
    /// <summary>Stands for a time that is NULL or cannot be read.</summary>
    public const long NoTime = long.MinValue;

    /// <summary>Takes some rows; bit i of <paramref name="validity"/> is 0 where value i is NULL, and an empty one means no NULL.</summary>
    /// <param name="values">The column as DOUBLE.</param>
    /// <param name="validity">Which values there are.</param>
    /// <param name="times">Microseconds since 1970 UTC, or <see cref="NoTime"/>; empty when no time column was asked for.</param>
    public delegate void NumberRows(ReadOnlySpan<double> values, ReadOnlySpan<ulong> validity, ReadOnlySpan<long> times);

    /// <summary>Takes some rows.</summary>
    /// <param name="codes">Place of the value in the list that the reading returns; -1 for NULL.</param>
    /// <param name="times">As in <see cref="NumberRows"/>.</param>
    public delegate void CodeRows(ReadOnlySpan<int> codes, ReadOnlySpan<long> times);

    /// <summary>Takes the times of some rows, as in <see cref="NumberRows"/>.</summary>
    public delegate void TimeRows(ReadOnlySpan<long> times);

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

    /// <summary>Some values as text, fewer than <paramref name="count"/> when there are fewer; NULL not counted. Which ones is open.</summary>
    public virtual IReadOnlyList<string> Samples(string column, int count, CancellationToken cancellationToken) =>
        SketchCategories(column, cancellationToken).Counts.Keys.Take(count).ToList();

    /// <summary>How many values of a text column are numbers.</summary>
    public virtual TextNumbers TextNumbers(string column, CancellationToken cancellationToken) =>
        Sources.TextNumbers.Of(SketchCategories(column, cancellationToken));

    /// <summary>Rows of the column as DOUBLE with the time column beside it, in the order of the source.</summary>
    public virtual void Numbers(string column, string? time, NumberRows onRows, CancellationToken cancellationToken) => throw NoRows();

    /// <summary>Rows of the column as text with the time column beside it, in the order of the source; returns the different values.</summary>
    public virtual IReadOnlyList<string> Codes(string column, string? time, CodeRows onRows, CancellationToken cancellationToken) => throw NoRows();

    /// <summary>The time column, in the order of the source.</summary>
    public virtual void Times(string time, TimeRows onRows, CancellationToken cancellationToken) => throw NoRows();

    /// <summary>True when <see cref="Rows"/> works. What needs rows (text, embeddings, many columns together) is left out where it does not.</summary>
    public virtual bool CanReadRows => false;

    /// <summary>The same for one column.</summary>
    public virtual bool CanReadRowsOf(string column) => CanReadRows;

    /// <summary>Streams rows of several columns at once, in the order of the source; all rows, or the first <paramref name="limit"/>.</summary>
    public virtual void Rows(IReadOnlyList<RowColumn> columns, long? limit, Action<RowChunk> onChunk, CancellationToken cancellationToken) =>
        throw new Data.DataException("This source cannot be read row by row, which text, embeddings and comparisons of many columns together need. Export it to Parquet.");

    public abstract void Dispose();

    private static Data.DataException NoRows() =>
        new("A side gives no rows one by one, so it can neither be split into chunks nor matched by season. Compare files or what DuckDB holds, or leave chunks and season out.");
}
