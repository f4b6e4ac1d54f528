using Workbench.Features;

namespace Workbench.Benchmarks;

internal static class SyntheticRows
{
    private static readonly FeatureSchema Schema = new()
    {
        Numeric = [.. Enumerable.Range(0, 12).Select(column => $"n{column}")], Categorical = [.. Enumerable.Range(0, 4).Select(column => $"c{column}")], Label = "y",
    };

    public static TabularData Make(int rows, int seed)
    {
        var random = new Random(seed);
        return new()
        {
            Schema = Schema, Rows = rows, Ids = [],
            Numeric = [.. Enumerable.Range(0, rows * 12).Select(_ => random.NextSingle() * 10)],
            Categorical = [.. Enumerable.Range(0, rows * 4).Select(_ => $"v{random.Next(5)}")],
            Labels = [.. Enumerable.Range(0, rows).Select(_ => (float)random.Next(2))],
        };
    }
}
