namespace Workbench.Drift.Multivariate;

/// <summary>Rows of one side over numeric and categorical columns, in the order in which they came.</summary>
/// <param name="Numeric">Names of the numeric columns.</param>
/// <param name="Categorical">Names of the categorical columns.</param>
/// <param name="Rows">All rows, or a sample.</param>
/// <param name="TotalRows">Rows that they stand for.</param>
internal sealed record TableSample(IReadOnlyList<string> Numeric, IReadOnlyList<string> Categorical, IReadOnlyList<TableRow> Rows, long TotalRows)
{
    public bool IsSampled => Rows.Count < TotalRows;
    /// <summary>Numeric columns, then categorical ones.</summary>
    public IReadOnlyList<string> Columns => [.. Numeric, .. Categorical];

    public double[] Numbers(int column) => [.. Rows.Select(row => row.Numbers[column])];

    public string?[] Categories(int column) => [.. Rows.Select(row => row.Categories[column])];

    /// <summary>The same rows with some of the columns, by name.</summary>
    public TableSample Choose(IReadOnlyCollection<string> columns)
    {
        int[] numbers = [.. Enumerable.Range(0, Numeric.Count).Where(i => columns.Contains(Numeric[i]))];
        int[] categories = [.. Enumerable.Range(0, Categorical.Count).Where(i => columns.Contains(Categorical[i]))];
        return this with
        {
            Numeric = [.. numbers.Select(i => Numeric[i])],
            Categorical = [.. categories.Select(i => Categorical[i])],
            Rows = [.. Rows.Select(row => new TableRow([.. numbers.Select(i => row.Numbers[i])], [.. categories.Select(i => row.Categories[i])]))],
        };
    }

    /// <summary>The rows in <paramref name="count"/> parts of neighbours, as equal as can be; fewer where there are fewer rows.</summary>
    public IReadOnlyList<TableSample> Split(int count)
    {
        count = Math.Min(count, Rows.Count);
        return [.. Enumerable.Range(0, count).Select(part =>
        {
            int first = (int)((long)part * Rows.Count / count), end = (int)((long)(part + 1) * Rows.Count / count);
            return this with { Rows = [.. Rows.Skip(first).Take(end - first)] };
        })];
    }
}
