using Workbench.Data;
using Workbench.Drift;
using Workbench.Drift.Quality.Scanning;

namespace Workbench.Core.Tests.Drift.Quality;

/// <summary>The scan's counts, against DuckDB's own aggregates and against known streams.</summary>
public sealed class TableScanTests : IDisposable
{
    private readonly TestTables _tables = new();

    public void Dispose() => _tables.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(9)]
    public void Run_MixedTable_CountsAsDuckDbDoes(int seed)
    {
        string path = _tables.Mixed(seed, rows: 5000);
        using var session = DuckSession.Open();

        foreach (var column in Scan(path).Columns)
        {
            string name = DuckSession.Identifier(column.Column), present = ColumnSql.IsPresent(name, column.Kind, column.Type), finite = ColumnSql.HoldsInfinity(column.Kind, column.Type) ? $"{present} AND isfinite({name})" : present;
            T Ask<T>(string expression, string where) => session.Scalar<T>($"SELECT {expression} FROM '{path}' WHERE {where}")!;
            Assert.Equal((5000, Ask<long>("count(*)", present)), (column.Rows, column.Present));
            Assert.Equal(Ask<long>("count(*)", $"{present} AND NOT ({finite})"), column.Infinite);
            Assert.Equal(Ask<long>($"count(DISTINCT {name})", finite), column.Distinct, column.IsDistinctExact ? 0 : column.Distinct / 20.0);
            string? value = column.Kind switch { ValueKind.Integer or ValueKind.Number => $"{name}::DOUBLE", ValueKind.Time => $"epoch_us({name}::TIMESTAMP)", ValueKind.Text => $"length({name})", _ => null };
            if (value is not null && column.Present > 0)
                Assert.Equal((Ask<double>($"min({value})", finite), Ask<double>($"max({value})", finite)), (column.Least!.Value, column.Greatest!.Value));
            if (column.Kind is ValueKind.Integer or ValueKind.Number && column.Present > 0)
                Assert.Equal(1, Ask<double>($"avg({name}::DOUBLE)", finite) / column.Mean!.Value, 1e-12); // the order of adding differs
        }
    }

    [Fact]
    public void Run_IdsOfManyRows_AreUniqueExactly()
    {
        var profile = Scan(_tables.Parquet("ids", "SELECT i AS whole, 'c' || i AS text, 'a name longer than twelve ' || i AS long, CASE WHEN i = 7 THEN 8 ELSE i END AS nearly FROM range(20000) rows(i)"));

        Assert.Equal([20000, 20000, 20000, 19999], profile.Columns.Select(column => column.Distinct));
        Assert.All(profile.Columns, column => Assert.True(column.IsDistinctExact));
        Assert.Equal([true, true, true, false], profile.Columns.Select(column => column.IsUnique));
    }

    [Fact]
    public void Run_OneValueBesidesManyOthers_IsFoundAndCounted()
    {
        // 2,000 different others, more than are counted one by one: only the vote can find the value.
        var profile = Scan(_tables.Parquet("usual", "SELECT CASE WHEN i % 150 = 0 THEN i ELSE -3 END AS whole, CASE WHEN i % 150 = 0 THEN i / 7.0 ELSE 0.25 END::DOUBLE AS real, CASE WHEN i % 150 = 0 THEN 'v' || i ELSE 'it''s' END AS text FROM range(300000) rows(i)"));

        Assert.Equal([("-3", 298_000L), ("0.25", 298_000L), ("it's", 298_000L)], profile.Columns.Select(column => column.Usual!.Value));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(3_000)]
    [InlineData(50_000)]
    [InlineData(1_000_000)]
    public void Estimate_DifferentValues_IsWithinFourStandardErrors(int count)
    {
        var sketch = new HyperLogLog();
        for (int repeat = 0; repeat < 2; repeat++)
            for (int i = 0; i < count; i++)
                sketch.Add(ValueCounts.Mix((ulong)i));

        Assert.Equal(count, sketch.Estimate(), count * 4 * 1.04 / 64); // 1.04 / √4096, as the paper says
    }

    [Fact]
    public void Pattern_TextsAlikeOrNot_IsAnExpressionOrNone()
    {
        Assert.Equal(@"C[0-9]{5}@[0-9]{4}-[0-9]{2}", Shape("C00012@2024-01", "C99999@2024-12"));
        Assert.Equal(@"[A-Z]{2,3}\.[0-9]", Shape("AB.1", "XYZ.2"));
        Assert.Null(Shape("red", "blue")); // letters alone are words
        Assert.Null(Shape("a-1", "a_1"));
        Assert.Null(Shape("1a", "1a2"));
        Assert.Null(Shape("é1"));
    }

    private static string? Shape(params string[] texts)
    {
        var shape = new TextShape();
        foreach (string text in texts)
            shape.Add(System.Text.Encoding.UTF8.GetBytes(text));
        return shape.Pattern;
    }

    private static TableProfile Scan(string path)
    {
        using var opened = ((DriftSource)path).Open();
        return TableScan.Run(RelationWorkers.Require(opened), new(), default);
    }
}
