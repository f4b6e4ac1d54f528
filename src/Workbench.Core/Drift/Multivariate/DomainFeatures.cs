using Workbench.Drift.Classifiers;

namespace Workbench.Drift.Multivariate;

/// <summary>
/// Rows of both sides as features of a domain classifier. For trees: standardised numbers, a missing one below all others,
/// and a category as its place by frequency. For logistic regression: standardised numbers with a mark for missing ones,
/// and a column for each of the commonest categories.
/// </summary>
/// <param name="Rows">Reference rows, then current rows.</param>
/// <param name="ColumnOf">[features] the column of each, as in <see cref="TableSample.Columns"/>.</param>
/// <param name="IsCurrent">[rows] the side of each.</param>
internal sealed record DomainFeatures(FeatureRows Rows, int[] ColumnOf, bool[] IsCurrent)
{
    private const int MarkedCategories = 20;
    // Standardised numbers hardly reach it; far enough from the smallest for a tree to cut.
    private const float Missing = -1e6f;
    private const double Farthest = 1e5;

    public static DomainFeatures Of(DomainLearner learner, TableSample reference, TableSample current)
    {
        bool isTree = learner == DomainLearner.BoostedTrees;
        var columns = Enumerable.Range(0, reference.Numeric.Count).Select(column => Number(reference, column, isTree))
            .Concat(Enumerable.Range(0, reference.Categorical.Count).Select(column => Category(reference, current, column, isTree))).ToList();
        int width = columns.Sum(column => column.Width), count = reference.Rows.Count + current.Rows.Count;
        var rows = FeatureRows.Dense(width, count);
        var features = new float[width];
        foreach (var row in reference.Rows.Concat(current.Rows))
        {
            int place = 0;
            foreach (var column in columns)
            {
                column.Write(row, features.AsSpan(place, column.Width));
                place += column.Width;
            }
            rows.Add(features);
        }
        return new(
            rows,
            [.. columns.SelectMany((column, i) => Enumerable.Repeat(i, column.Width))],
            [.. Enumerable.Range(0, count).Select(row => row >= reference.Rows.Count)]);
    }

    private delegate void Writer(TableRow row, Span<float> features);

    private static (int Width, Writer Write) Number(TableSample reference, int column, bool isTree)
    {
        double[] values = [.. reference.Numbers(column).Where(double.IsFinite)];
        double mean = values.DefaultIfEmpty(0).Average();
        double deviation = Math.Sqrt(values.Select(value => (value - mean) * (value - mean)).DefaultIfEmpty(0).Average());
        float Standard(double value) => (float)Math.Clamp((value - mean) / (deviation > 0 ? deviation : 1), -Farthest, Farthest);
        return isTree
            ? (1, (row, features) => features[0] = double.IsNaN(row.Numbers[column]) ? Missing : Standard(row.Numbers[column]))
            : (2, (row, features) => (features[0], features[1]) = double.IsNaN(row.Numbers[column]) ? (0f, 1f) : (Standard(row.Numbers[column]), 0f));
    }

    private static (int Width, Writer Write) Category(TableSample reference, TableSample current, int column, bool isTree)
    {
        // Both sides name the categories: one that is new is what tells the sides apart.
        var places = reference.Categories(column).Concat(current.Categories(column)).GroupBy(name => name ?? "", StringComparer.Ordinal)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal)
            .Select((group, i) => (group.Key, i)).ToDictionary(one => one.Key, one => one.i, StringComparer.Ordinal);
        if (isTree)
            return (1, (row, features) => features[0] = places[row.Categories[column] ?? ""]);
        int width = Math.Min(places.Count, MarkedCategories);
        return (width, (row, features) =>
        {
            features.Clear();
            if (places[row.Categories[column] ?? ""] is var place && place < width)
                features[place] = 1;
        });
    }
}
