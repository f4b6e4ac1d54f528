using Workbench.Drift.Kernels;

namespace Workbench.Drift.Multivariate;

/// <summary>
/// Rows as standardised numbers, fitted on reference rows: a missing number becomes the mean, a missing category the
/// commonest one, a category its share of the reference rows (0 when it is new), and every column is standardised (divisor
/// n; a constant one is only centred). As NannyML prepares rows for its reconstruction error.
/// </summary>
internal sealed class RowEncoder
{
    private readonly double[] _means;
    private readonly (string? Commonest, Dictionary<string, double> Shares)[] _categories;
    private readonly double[] _centre, _deviation;

    private RowEncoder(double[] means, (string? Commonest, Dictionary<string, double> Shares)[] categories, TableSample reference)
    {
        (_means, _categories) = (means, categories);
        var raw = Raw(reference);
        _centre = raw.Mean();
        _deviation = [.. raw.Variance(_centre, 0).Select(Math.Sqrt)];
    }

    public static RowEncoder Fit(TableSample reference) => new(
        [.. Enumerable.Range(0, reference.Numeric.Count).Select(column => reference.Numbers(column).Where(double.IsFinite).DefaultIfEmpty(0).Average())],
        [.. Enumerable.Range(0, reference.Categorical.Count).Select(column => Shares(reference.Categories(column)))],
        reference);

    /// <summary>The rows: numeric columns first, then categorical ones.</summary>
    public VectorSample Encode(TableSample rows) => Raw(rows).Standardise(_centre, _deviation);

    private VectorSample Raw(TableSample rows)
    {
        int numeric = _means.Length, width = numeric + _categories.Length;
        var values = new double[rows.Rows.Count * width];
        for (int i = 0; i < rows.Rows.Count; i++)
        {
            for (int column = 0; column < numeric; column++)
                values[i * width + column] = double.IsNaN(rows.Rows[i].Numbers[column]) ? _means[column] : rows.Rows[i].Numbers[column];
            for (int column = 0; column < _categories.Length; column++)
                values[i * width + numeric + column] = Share(column, rows.Rows[i].Categories[column]);
        }
        return new(values, width, rows.TotalRows);
    }

    private double Share(int column, string? category)
    {
        var (commonest, shares) = _categories[column];
        return (category ?? commonest) is { } name ? shares.GetValueOrDefault(name) : 0;
    }

    private static (string? Commonest, Dictionary<string, double> Shares) Shares(string?[] categories)
    {
        var counts = categories.OfType<string>().GroupBy(name => name, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        if (counts.Count == 0)
            return (null, []);
        string commonest = counts.OrderByDescending(one => one.Value).ThenBy(one => one.Key, StringComparer.Ordinal).First().Key;
        counts[commonest] += categories.Count(category => category is null);
        return (commonest, counts.ToDictionary(one => one.Key, one => (double)one.Value / categories.Length, StringComparer.Ordinal));
    }
}
