using Microsoft.Data.Analysis;
using Workbench.Data;

namespace Workbench.Core.Tests.Data;

public sealed class DuckSessionTests : IDisposable
{
    private readonly DuckSession _session = DuckSession.Open();

    public void Dispose() => _session.Dispose();

    private sealed record Sale(int Id, string? ShopName, double Amount, DateTime SoldAt);

    private enum Plan { Basic, Premium }

    private sealed record Subscriber
    {
        public required long Id { get; init; }
        public required Plan Plan { get; init; }
        public DateTimeOffset? Since { get; init; }
    }

    [Fact]
    public void Query_Types_BecomeTypedColumnsWithNulls()
    {
        var frame = _session.Query("""
            SELECT * FROM (VALUES (1, 2.5::DOUBLE, 'a', true, DATE '2024-02-29', 10::BIGINT), (NULL, NULL, NULL, NULL, NULL, 20))
                AS t(i, d, s, b, day, n)
            """);
        Assert.Equal([typeof(int), typeof(double), typeof(string), typeof(bool), typeof(DateTime), typeof(long)], frame.Columns.Select(column => column.DataType));
        Assert.Equal([1, 2.5, "a", true, new DateTime(2024, 2, 29), 10L], frame.Rows[0]);
        Assert.Equal([null, null, null, null, null, 20L], frame.Rows[1]);
    }

    [Fact]
    public void Query_SumOfIntegers_IsInt64() =>
        Assert.Equal(60L, _session.Query("SELECT sum(x) AS total FROM (VALUES (10), (20), (30)) t(x)")["total"][0]);

    [Fact]
    public void Query_HugeIntegerBeyond64Bits_NamesColumnAndCast()
    {
        var failure = Assert.Throws<DataException>(() => _session.Query("SELECT 170141183460469231731687303715884105727::HUGEINT AS big"));
        Assert.Equal("big", failure.Column);
        Assert.Contains("big::DOUBLE", failure.Message);
    }

    [Fact]
    public void Query_ListColumn_SaysHowToFlatten() =>
        Assert.Contains("'tags' is a List", Assert.Throws<DataException>(() => _session.Query("SELECT [1, 2] AS tags")).Message);

    [Fact]
    public void Query_SeveralStatements_ReturnsTheLastResult()
    {
        var frame = _session.Query("CREATE TABLE t AS SELECT 1 AS a; SELECT a FROM t; SELECT a + 41 AS b FROM t");
        Assert.Equal(42, frame["b"][0]);
    }

    [Fact]
    public void Query_Parameters_AreValuesNotSql() =>
        Assert.Equal("'; DROP TABLE t; --", _session.Scalar<string>("SELECT $text", ("$text", "'; DROP TABLE t; --")));

    [Fact]
    public void Query_MissingParameter_NamesThoseGiven()
    {
        var failure = Assert.Throws<DataException>(() => _session.Query("SELECT $a + $b", ("a", 1)));
        Assert.Contains("$a", failure.Message);
        Assert.Contains("each $name", failure.Message);
    }

    [Theory]
    [InlineData("SELEC 1", "Correct the SQL")]
    [InlineData("SELECT * FROM nowhere", "Register")]
    [InlineData("SELECT 'x'::INTEGER", "TRY_CAST")]
    [InlineData("SELECT * FROM 'https://example.org/x.parquet'", "Nothing is downloaded")]
    public void Query_DuckDbRefuses_MessageSaysWhatToDo(string sql, string remedy)
    {
        var failure = Assert.Throws<DataException>(() => _session.Query(sql));
        Assert.Contains("Error", failure.Message);
        Assert.Contains(remedy, failure.Message);
    }

    [Fact]
    public void QueryOfT_Record_MapsSnakeCaseAndNull()
    {
        var sales = _session.Query<Sale>("SELECT 7::BIGINT AS id, NULL AS shop_name, 2 AS amount, TIMESTAMP '2024-05-01 10:00:00' AS sold_at");
        Assert.Equal([new Sale(7, null, 2.0, new DateTime(2024, 5, 1, 10, 0, 0))], sales);
    }

    [Fact]
    public void QueryOfT_RequiredProperties_MapEnumAndTime()
    {
        var subscriber = Assert.Single(_session.Query<Subscriber>("SELECT sum(x) AS id, 'premium' AS plan, TIMESTAMPTZ '2024-05-01 10:00:00+02' AS since FROM (VALUES (3), (4)) t(x)"));
        Assert.Equal(new Subscriber { Id = 7, Plan = Plan.Premium, Since = new DateTimeOffset(2024, 5, 1, 8, 0, 0, TimeSpan.Zero) }, subscriber);
    }

    [Fact]
    public void QueryOfT_TupleAndText_MapByPosition()
    {
        Assert.Equal([("a", 1), ("b", 2)], _session.Query<(string, int)>("SELECT * FROM (VALUES ('a', 1), ('b', 2)) t"));
        Assert.Equal(["x", "y"], _session.Query<string>("SELECT * FROM (VALUES ('x'), ('y')) t"));
    }

    [Fact]
    public void QueryOfT_MissingColumn_SuggestsTheNearest()
    {
        var failure = Assert.Throws<DataException>(() => _session.Query<Sale>("SELECT 1 AS id, 'a' AS shop_name, 1.0 AS amout, now()::TIMESTAMP AS sold_at"));
        Assert.Contains("Did you mean 'amout'", failure.Message);
    }

    [Fact]
    public void QueryOfT_NullForNonNullable_NamesRowAndColumn()
    {
        var failure = Assert.Throws<DataException>(() => _session.Query<(int Id, double Price)>("SELECT * FROM (VALUES (1, 1.5), (2, NULL)) t(id, price)"));
        Assert.Contains("'price' is NULL in row 2", failure.Message);
    }

    [Fact]
    public void Scalar_FractionIntoInteger_IsRefused() =>
        Assert.Contains("2.5", Assert.Throws<DataException>(() => _session.Scalar<int>("SELECT 2.5::DOUBLE")).Message);

    [Fact]
    public void Scalar_NullOrNoRow_IsDefault()
    {
        Assert.Null(_session.Scalar<double?>("SELECT NULL"));
        Assert.Null(_session.Scalar<string>("SELECT 'a' WHERE false"));
    }

    [Fact]
    public void Register_Frame_RoundTripsThroughSql()
    {
        var frame = new DataFrame(new Int32DataFrameColumn("a \"b\"", [1, null, 3]), new StringDataFrameColumn("s", ["x", null, "z"]), new DoubleDataFrameColumn("d", [0.1, 0.2, null]));
        _session.Register("odd name", frame);
        var back = _session.Query("SELECT * FROM \"odd name\"");
        Assert.Equal(frame.Columns.Select(column => column.Name), back.Columns.Select(column => column.Name));
        for (int row = 0; row < 3; row++)
            Assert.Equal(frame.Rows[row], back.Rows[row]);
    }

    [Fact]
    public void Register_Rows_ReplacesTheTable()
    {
        _session.Register("sales", new[] { new Sale(1, null, 2, new DateTime(2024, 1, 1)) });
        _session.Register("sales", new[] { new Sale(2, "b", 3, new DateTime(2024, 1, 2)), new Sale(3, "c", 4, new DateTime(2024, 1, 3)) });
        Assert.Equal(7.0, _session.Scalar<double>("SELECT sum(\"Amount\") FROM sales"));
    }

    [Fact]
    public void Register_UnknownType_NamesColumn() =>
        Assert.Equal("Tags", Assert.Throws<DataException>(() => _session.Register("t", new[] { new { Tags = new List<int>() } })).Column);

    [Fact]
    public void IdentifierAndLiteral_Quotes_AreDoubled()
    {
        Assert.Equal("\"a\"\"b\"", DuckSession.Identifier("a\"b"));
        Assert.Equal("'it''s'", DuckSession.Literal("it's"));
    }

    [Fact]
    public async Task CancelOn_RunningQuery_StopsItAndSessionGoesOn()
    {
        using var cancellation = new CancellationTokenSource();
        var query = Task.Run(() =>
        {
            using (_session.CancelOn(cancellation.Token))
                return _session.Scalar<long>("SELECT count(*) FROM range(100000) a, range(100000) b WHERE hash(a.range, b.range) = 1");
        }, TestContext.Current.CancellationToken);
        cancellation.CancelAfter(TimeSpan.FromMilliseconds(300));
        // Uncancelled this is 10 billion pairs, minutes; the deadline turns a hang into a failure.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => query.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        Assert.Equal(1, _session.Scalar<int>("SELECT 1"));
    }

    [Fact]
    public void CancelOn_CancelledBefore_StartsNothing()
    {
        using (_session.CancelOn(new CancellationToken(canceled: true)))
            Assert.ThrowsAny<OperationCanceledException>(() => _session.Execute("CREATE TABLE never(a INT)"));
        Assert.Equal(0, _session.Scalar<int>("SELECT count(*) FROM duckdb_tables()"));
    }
}
