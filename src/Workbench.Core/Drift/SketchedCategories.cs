using Workbench.Drift.Categorical;
using Workbench.Drift.Sketches;

namespace Workbench.Drift;

/// <summary>Measures one categorical column from the sketches of both sides.</summary>
internal static class SketchedCategories
{
    private const string Others = "(others)";

    /// <summary>Exact when both sketches are. Else what either side does not know counts as one category more, which can only make a distance smaller.</summary>
    public static ColumnMeasures Measure(
        string column, DriftColumnKind kind, IReadOnlyList<DriftTest> tests, CategorySketch reference, CategorySketch current, double newCategoryShare)
    {
        if (reference.IsExact && current.IsExact)
            return ColumnComparison.Categories(column, kind, tests, reference.Kept, current.Kept, newCategoryShare);
        var known = reference.Counts.Keys.Union(current.Counts.Keys, StringComparer.Ordinal)
            .Where(category => IsKnown(reference, category) && IsKnown(current, category)).ToHashSet(StringComparer.Ordinal);
        var measures = ColumnComparison.Categories(column, kind, tests, Lump(reference, known), Lump(current, known), newCategoryShare);
        return measures with
        {
            Tests = measures.Tests.Select(one => one with { Measure = one.Measure with { Exactness = DriftExactness.Estimated } }).ToList(),
            Note = $"More than {CategorySketch.MaxCategories:N0} categories: the most frequent ones are compared, the rest as one; a count is too small by at most "
                + $"{Math.Max(reference.MaxError, current.MaxError):N0} rows. {measures.Note}".TrimEnd(),
        };
    }

    // A side that keeps every category knows also which it has not.
    private static bool IsKnown(CategorySketch sketch, string category) => sketch.IsExact || sketch.Counts.ContainsKey(category);

    private static CategoryColumn Lump(CategorySketch sketch, HashSet<string> known)
    {
        var counts = sketch.Counts.Where(one => known.Contains(one.Key)).ToDictionary(StringComparer.Ordinal);
        long others = sketch.Count - counts.Values.Sum();
        if (others > 0)
            counts[Others] = counts.GetValueOrDefault(Others) + others;
        return new(counts, sketch.Nulls);
    }
}
