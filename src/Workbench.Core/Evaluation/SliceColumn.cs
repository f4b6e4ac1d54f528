using System.Globalization;
using Workbench.Data;
using Workbench.Features;

namespace Workbench.Evaluation;

/// <summary>A named column that parts rows into slices.</summary>
/// <param name="Name">The column.</param>
/// <param name="Values">[N] the slice of each row; null stands for missing.</param>
public sealed record SliceColumn(string Name, IReadOnlyList<string?> Values)
{
    /// <summary>A slice a category, or the quarters of a number's range of values (as many rows in each, as far as ties allow).</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="column">An input column of their schema.</param>
    /// <exception cref="DataException">There is no such column; lists those that there are.</exception>
    public static SliceColumn Of(TabularData rows, string column)
    {
        var schema = rows.Schema;
        if (schema.Categorical.ToList().IndexOf(column) is >= 0 and var category)
            return new(column, [.. Enumerable.Range(0, rows.Rows).Select(row => rows.Categorical[row * schema.Categorical.Count + category])]);
        if (schema.Numeric.ToList().IndexOf(column) is >= 0 and var number)
            return new(column, Quarters([.. Enumerable.Range(0, rows.Rows).Select(row => rows.Numeric[row * schema.Numeric.Count + number])]));
        throw new DataException($"There is no column '{column}' to slice by.{Suggestion.DidYouMean(column, schema.Inputs)} Known: {string.Join(", ", schema.Inputs)}.") { Column = column };
    }

    private static string?[] Quarters(float[] values)
    {
        float[] sorted = [.. values.Where(value => !float.IsNaN(value)).Order()];
        if (sorted.Length == 0)
            return new string?[values.Length];
        float[] starts = [.. new[] { 0, 1, 2, 3 }.Select(quarter => sorted[quarter * sorted.Length / 4]).Distinct()];
        string[] names = [.. starts.Select((start, i) => i + 1 < starts.Length ? $"{Text(start)} to below {Text(starts[i + 1])}" : $"{Text(start)} to {Text(sorted[^1])}")];
        return [.. values.Select(value => float.IsNaN(value) ? null : names[Array.FindLastIndex(starts, start => start <= value)])];
    }

    private static string Text(float value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
