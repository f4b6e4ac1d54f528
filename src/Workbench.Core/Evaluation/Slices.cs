namespace Workbench.Evaluation;

/// <summary>Metrics over parts of the rows: a model that is good on average may be bad where it matters.</summary>
/// <example><code>
/// var report = Slices.Evaluate(Metrics.Find("recall", PredictionTask.Binary), predictions, SliceColumn.Of(holdout, "region"));
/// foreach (var slice in report.Slices.Where(slice => slice.IsWorse))
///     Console.WriteLine($"{slice.Name}: {slice.Estimate} on {slice.Rows} rows");
/// </code></example>
public static class Slices
{
    /// <summary>The metric over each value of a column, with intervals by percentile bootstrap within the slice.</summary>
    /// <param name="metric">What is measured.</param>
    /// <param name="predictions">[N] rows.</param>
    /// <param name="column">[N] the slice of each row.</param>
    /// <param name="minimumRows">Slices with fewer rows are named and not judged; at least 1, default 50.</param>
    /// <param name="samples">Number of resamples, at least 20; default 500.</param>
    /// <param name="seed">Of the resampling.</param>
    /// <exception cref="ArgumentException">The column has not one value a row, or an argument is out of range.</exception>
    public static SliceReport Evaluate(Metric metric, Predictions predictions, SliceColumn column, int minimumRows = 50, int samples = 500, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minimumRows, 1);
        var overall = metric.Estimate(predictions, samples, seed);
        return new()
        {
            Column = column.Name, Metric = metric.Name, MinimumRows = minimumRows, Overall = overall,
            Slices = [.. Of(column, predictions.Rows).Select(slice => Judge(slice.Name, slice.Rows))],
        };

        SliceResult Judge(string name, int[] rows)
        {
            if (rows.Length < minimumRows)
                return new(name, rows.Length, null, IsTooSmall: true, IsWorse: false);
            var estimate = metric.Estimate(predictions.Select(rows), samples, seed);
            return new(name, rows.Length, estimate, IsTooSmall: false, estimate is not null && overall is not null && IsWorse(metric, estimate, overall.Value));
        }
    }

    /// <summary>Rows by slice, the largest first, then by name.</summary>
    internal static IReadOnlyList<(string Name, int[] Rows)> Of(SliceColumn column, int rows)
    {
        if (column.Values.Count != rows)
            throw new ArgumentException($"Column '{column.Name}' has {column.Values.Count} values for {rows} rows; give one a row.", nameof(column));
        return [.. Enumerable.Range(0, rows).GroupBy(row => column.Values[row] ?? "(missing)", StringComparer.Ordinal)
            .Select(slice => (Name: slice.Key, Rows: slice.ToArray())).OrderByDescending(slice => slice.Rows.Length).ThenBy(slice => slice.Name, StringComparer.Ordinal)];
    }

    private static bool IsWorse(Metric metric, MetricEstimate slice, double overall) =>
        metric.Direction == MetricDirection.HigherIsBetter ? slice.Upper < overall : slice.Lower > overall;
}
