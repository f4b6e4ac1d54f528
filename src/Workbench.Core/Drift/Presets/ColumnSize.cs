using Workbench.Drift.Categorical;
using Workbench.Drift.Numeric;
using Workbench.Drift.Sketches;

namespace Workbench.Drift.Presets;

/// <summary>What a preset may choose a column's tests by.</summary>
/// <param name="Kind">How the column is compared.</param>
/// <param name="ReferenceRows">Reference rows with a value.</param>
/// <param name="Distinct">Distinct values of both sides together, counted up to <see cref="CountedDistinct"/>.</param>
internal sealed record ColumnSize(DriftColumnKind Kind, long ReferenceRows, int Distinct)
{
    /// <summary>More distinct values than this need not be told apart.</summary>
    public const int CountedDistinct = 6;

    public static ColumnSize Of(IOrderedValues reference, IOrderedValues current) => new(DriftColumnKind.Numeric, reference.Count, CountDistinct(reference, current));

    /// <summary>A sketch that does not hold each value has thousands of them.</summary>
    public static ColumnSize Of(NumericSketch reference, NumericSketch current) => new(
        DriftColumnKind.Numeric, reference.Count, reference.Bins.Concat(current.Bins).Select(bin => bin.Min).Distinct().Take(CountedDistinct).Count());

    public static ColumnSize Of(DriftColumnKind kind, CategoryColumn reference, CategoryColumn current) => new(
        kind, reference.Count, reference.Counts.Keys.Union(current.Counts.Keys, StringComparer.Ordinal).Take(CountedDistinct).Count());

    private static int CountDistinct(IOrderedValues reference, IOrderedValues current)
    {
        int distinct = 0;
        long i = 0, j = 0;
        for (; distinct < CountedDistinct && (i < reference.Count || j < current.Count); distinct++)
        {
            double value = j == current.Count || (i < reference.Count && reference.At(i) <= current.At(j)) ? reference.At(i) : current.At(j);
            i = reference.Below(double.BitIncrement(value));
            j = current.Below(double.BitIncrement(value));
        }
        return distinct;
    }
}
