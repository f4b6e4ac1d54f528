using Workbench.Drift.Categorical;

namespace Workbench.Drift.Sketches;

/// <summary>
/// A categorical column in at most <see cref="MaxCategories"/> categories: exact up to that many, above it the most frequent
/// ones. A kept category's rows are between its count and its count + <see cref="MaxError"/>, any other has at most
/// <see cref="MaxError"/>. Sketches of parts merge (errors add up: Agarwal et al. 2012, Mergeable summaries).
/// </summary>
/// <param name="Counts">Rows of each kept category.</param>
/// <param name="Nulls">NULL rows.</param>
/// <param name="OtherRows">Rows that no count holds.</param>
/// <param name="MaxError">Rows that a count can be too small by; 0 and no other rows when the sketch is exact.</param>
internal sealed record CategorySketch(Dictionary<string, long> Counts, long Nulls, long OtherRows, long MaxError)
{
    /// <summary>Categories kept.</summary>
    public const int MaxCategories = 100_000;

    /// <summary>Rows that have a category.</summary>
    public long Count { get; } = CategoryColumn.Total(Counts) + OtherRows;
    public long Rows => Count + Nulls;
    /// <summary>True when every category is kept.</summary>
    public bool IsExact => OtherRows == 0;

    /// <summary>The kept categories as a column of their own.</summary>
    public CategoryColumn Kept => new(Counts, Nulls);

    /// <summary>The sketch of all rows of both.</summary>
    public static CategorySketch Merge(CategorySketch a, CategorySketch b)
    {
        var counts = new Dictionary<string, long>(a.Counts, StringComparer.Ordinal);
        foreach (var (category, rows) in b.Counts)
            counts[category] = counts.GetValueOrDefault(category) + rows;
        return Of(counts, a.Nulls + b.Nulls, a.OtherRows + b.OtherRows, a.MaxError + b.MaxError);
    }

    /// <summary>Keeps the most frequent categories of these; of equal ones the first in ordinal order.</summary>
    public static CategorySketch Of(Dictionary<string, long> counts, long nulls, long otherRows = 0, long maxError = 0)
    {
        if (counts.Count <= MaxCategories)
            return new(counts, nulls, otherRows, maxError);
        var ordered = counts.OrderByDescending(one => one.Value).ThenBy(one => one.Key, StringComparer.Ordinal).ToList();
        var left = ordered.Skip(MaxCategories).ToList();
        return new(
            ordered.Take(MaxCategories).ToDictionary(StringComparer.Ordinal), nulls,
            otherRows + left.Sum(one => one.Value), maxError + left[0].Value);
    }
}
