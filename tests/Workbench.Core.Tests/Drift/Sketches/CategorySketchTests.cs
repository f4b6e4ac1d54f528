using DuckDB.NET.Data;
using Workbench.Drift;
using Workbench.Drift.Sketches;

namespace Workbench.Core.Tests.Drift.Sketches;

public sealed class CategorySketchTests
{
    // Category i has about 4,000,000 / (i + 10) rows in all; part p has those with (i + p) % 3 != 0, so no part has everything.
    private const int Categories = 160_000;

    [Fact]
    public void Merge_AboveTheLimit_KeepsTheStatedError()
    {
        var parts = Enumerable.Range(0, 3).Select(Part).ToList();
        var truth = new Dictionary<string, long>();
        foreach (var (name, rows) in parts.SelectMany(part => part))
            truth[name] = truth.GetValueOrDefault(name) + rows;

        var merged = parts.Select(part => CategorySketch.Of(part, 1)).Aggregate(CategorySketch.Merge);

        Assert.Equal((truth.Values.Sum(), 3, CategorySketch.MaxCategories), (merged.Count, merged.Nulls, merged.Counts.Count));
        Assert.InRange(merged.MaxError, 1, 200);
        foreach (var (name, rows) in truth)
            Assert.InRange(rows - merged.Counts.GetValueOrDefault(name), 0, merged.MaxError);
    }

    [Fact]
    public void Merge_BelowTheLimit_IsExact()
    {
        var merged = CategorySketch.Merge(CategorySketch.Of(new Dictionary<string, long> { ["a"] = 2, ["b"] = 1 }, 4), CategorySketch.Of(new Dictionary<string, long> { ["b"] = 5 }, 0));

        Assert.Equal([("a", 2L), ("b", 6L)], merged.Counts.Select(one => (one.Key, one.Value)).Order());
        Assert.Equal((true, 0L, 4L, 12L), (merged.IsExact, merged.MaxError, merged.Nulls, merged.Rows));
    }

    [Fact]
    public void SketchCategories_OfAQuery_CountsEveryRow()
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        // Values 0 to 109,999; those below 10,000 twice, and 7 NULL rows.
        const string sql = "SELECT 'v' || (i % 110000) AS c FROM range(120000) t(i) UNION ALL SELECT NULL FROM range(7)";
        using var input = DriftSource.Query(connection, sql).Open();
        using var reader = input.Connect();

        var sketch = reader.SketchCategories("c", TestContext.Current.CancellationToken);

        Assert.Equal((120_000L, 7L, 10_000L, 1L), (sketch.Count, sketch.Nulls, sketch.OtherRows, sketch.MaxError));
        Assert.Equal(10_000, sketch.Counts.Values.Count(rows => rows == 2));
    }

    private static Dictionary<string, long> Part(int part) => Enumerable.Range(0, Categories)
        .Where(i => (i + part) % 3 != 0)
        .ToDictionary(i => $"c{i}", i => 4_000_000L / (i + 10) / 2 + 1);
}
