using System.Globalization;
using Workbench.Drift.Sketches;

namespace Workbench.Drift.Sources;

/// <summary>How much of a text column is numbers.</summary>
/// <param name="Values">Rows with a value.</param>
/// <param name="Numbers">Those that are numbers.</param>
/// <param name="Other">A value that is none, or null when all are.</param>
internal sealed record TextNumbers(long Values, long Numbers, string? Other)
{
    public static TextNumbers Of(CategorySketch column)
    {
        var numbers = column.Counts.Where(one => double.TryParse(one.Key, NumberStyles.Float, CultureInfo.InvariantCulture, out _)).ToList();
        return new(column.Count, numbers.Sum(one => one.Value), column.Counts.Keys.Except(numbers.Select(one => one.Key)).Min(StringComparer.Ordinal));
    }
}
