using Npgsql;
using Workbench.Data;
using Workbench.Drift.Dialects;

namespace Workbench.Core.Tests.Drift.Sources;

public sealed class DriftSqlTests
{
    private const string Values = """
        VALUES (CAST('-0' AS double precision)), (0), (1.5), (1.5000001), (-1.5), (-2e300), (4.9e-324), (1.7e308),
               (CAST('NaN' AS double precision)), (CAST('Infinity' AS double precision)), (CAST('-Infinity' AS double precision)), (NULL)
        """;

    private sealed record Bin(long? Number, long N, long NValues, double? LowSum, double? LowVariance, long? KeyMin, long? KeyMax);

    [Theory]
    [InlineData(0)]
    [InlineData(42)]
    [InlineData(52)]
    public void Bins_DuckDb_AreThoseOfTheBits(int shift)
    {
        using var session = DuckSession.Open();
        double[] values = [0, 0, 1.5, 1.5000001, -1.5, -2e300, double.Epsilon, 1.7e308];

        var bins = session.Query<Bin>($"SELECT bin AS number, n, n_values, low_sum::DOUBLE AS low_sum, low_variance, key_min, key_max FROM ({DriftSql.Bins(SqlDialect.DuckDb, $"({Values}) AS t(\"x \"\"y\")", "x \"y", shift)}) ORDER BY 1");

        // By hand from the definition: the bits of a negative number with all but the sign flipped.
        long Key(double value) => BitConverter.DoubleToInt64Bits(value) is var bits && bits < 0 ? bits ^ long.MaxValue : bits;
        var expected = values.Select(Key).GroupBy(key => key >> shift).OrderBy(bin => bin.Key).Select(bin => (bin.Key, bin.Count(), bin.Min(), bin.Max())).ToList();
        Assert.Equal(expected, bins.Where(bin => bin.Number is not null).Select(bin => (bin.Number!.Value, (int)bin.N, bin.KeyMin!.Value, bin.KeyMax!.Value)));
        var rest = Assert.Single(bins, bin => bin.Number is null);
        Assert.Equal((4, 3), (rest.N, rest.NValues)); // NaN, two infinities, and NULL
        Assert.Equal(bins.Where(bin => bin.Number is not null).Select(bin => bin.Number!.Value).Order(), bins.Where(bin => bin.Number is not null).Select(bin => bin.Number!.Value));
    }

    [Fact]
    public async Task Statements_Postgres_GiveWhatDuckDbGives()
    {
        var server = await SharedPostgres.GetAsync();
        var token = TestContext.Current.CancellationToken;
        await using var connection = new NpgsqlConnection(server.ConnectionText(await server.CreateDatabaseAsync(token)));
        await connection.OpenAsync(token);
        using var session = DuckSession.Open();
        string table = $"({Values}) AS t(x)";

        var here = session.Query<Bin>($"SELECT bin AS number, n, n_values, low_sum::DOUBLE AS low_sum, low_variance, key_min, key_max FROM ({DriftSql.Bins(SqlDialect.DuckDb, table, "x")}) ORDER BY 1 NULLS LAST");
        var there = new List<Bin>();
        await using (var command = new NpgsqlCommand(DriftSql.Bins(SqlDialect.Postgres, table, "x") + " ORDER BY 1 NULLS LAST", connection))
        await using (var reader = await command.ExecuteReaderAsync(token))
            while (await reader.ReadAsync(token))
                there.Add(new(reader.IsDBNull(0) ? null : reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.IsDBNull(3) ? null : (double)reader.GetDecimal(3), reader.IsDBNull(4) ? null : reader.GetDouble(4), reader.IsDBNull(5) ? null : reader.GetInt64(5), reader.IsDBNull(6) ? null : reader.GetInt64(6)));
        // The variance is a floating sum, whose order each engine chooses.
        Assert.Equal(here.Select(bin => bin with { LowVariance = null }), there.Select(bin => bin with { LowVariance = null }));
        Assert.All(here.Zip(there), pair => Assert.Equal(pair.First.LowVariance ?? 0, pair.Second.LowVariance ?? 0, 1e-12 * (pair.First.LowVariance ?? 0)));

        string mine = string.Join(" ", session.Query<(long, long, long, double, double, double)>(DriftSql.Summary(SqlDialect.DuckDb, table, ["x"])));
        await using (var command = new NpgsqlCommand(DriftSql.Summary(SqlDialect.Postgres, table, ["x"]), connection))
        await using (var reader = await command.ExecuteReaderAsync(token))
        {
            Assert.True(await reader.ReadAsync(token));
            Assert.Equal(mine, (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetDouble(3), reader.GetDouble(4), reader.GetDouble(5)).ToString());
        }
    }

    [Fact]
    public void Summary_DuckDb_CountsFiniteValues()
    {
        using var session = DuckSession.Open();

        var row = Assert.Single(session.Query<(long N, long Count, long Finite, double Min, double Max, double Sum)>(DriftSql.Summary(SqlDialect.DuckDb, "(VALUES (1.5::DOUBLE), (-2), ('NaN'), ('Infinity'), (NULL)) AS t(x)", ["x"])));

        Assert.Equal((5, 4, 2, -2, 1.5, -0.5), row);
    }

    [Fact]
    public void Bins_TrinoAndSpark_SpellTheirFunctions()
    {
        string trino = DriftSql.Bins(SqlDialect.Trino, "hive.sales.orders", "pri\"ce", 40), spark = DriftSql.Bins(SqlDialect.Spark, "sales.orders", "pri`ce", 40);

        Assert.Equal("""
            SELECT bitwise_right_shift_arithmetic(k, 40) AS bin, count(*) AS n, count(x) AS n_values,
                   sum(CAST(bitwise_and(k, 1099511627775) AS DECIMAL(38, 0))) AS low_sum, var_pop(CAST(bitwise_and(k, 1099511627775) AS DOUBLE)) AS low_variance, min(k) AS key_min, max(k) AS key_max
            FROM (
              SELECT x, CASE WHEN b >= 0 THEN b ELSE bitwise_xor(b, 9223372036854775807) END AS k
              FROM (
                SELECT x, CASE WHEN abs(x) < infinity() THEN from_big_endian_64(to_ieee754_64(x + 0.0)) END AS b
                FROM (SELECT CAST("pri""ce" AS DOUBLE) AS x FROM hive.sales.orders) numbers
              ) finite
            ) keys
            GROUP BY 1
            """, trino);
        Assert.Equal("""
            SELECT shiftright(k, 40) AS bin, count(*) AS n, count(x) AS n_values,
                   sum(CAST(k & 1099511627775 AS DECIMAL(20, 0))) AS low_sum, var_pop(CAST(k & 1099511627775 AS DOUBLE)) AS low_variance, min(k) AS key_min, max(k) AS key_max
            FROM (
              SELECT x, CASE WHEN b >= 0 THEN b ELSE b ^ 9223372036854775807 END AS k
              FROM (
                SELECT x, CASE WHEN abs(x) < double('Infinity') THEN CAST(java_method('java.lang.Double', 'doubleToLongBits', x + 0.0) AS BIGINT) END AS b
                FROM (SELECT CAST(`pri``ce` AS DOUBLE) AS x FROM sales.orders) numbers
              ) finite
            ) keys
            GROUP BY 1
            """, spark);
    }

    [Fact]
    public void Categories_EachDialect_CastsToItsText()
    {
        Assert.Equal(
            ["CAST(\"c\" AS VARCHAR)", "CAST(\"c\" AS text)", "CAST(\"c\" AS VARCHAR)", "CAST(`c` AS STRING)"],
            Enum.GetValues<SqlDialect>().Select(dialect => DriftSql.Categories(dialect, "t", "c").Split("SELECT ")[1].Split(" AS category")[0]));
        using var session = DuckSession.Open();
        Assert.Equal([("a", 2L), ("b", 1L)], session.Query<(string, long)>(DriftSql.Categories(SqlDialect.DuckDb, "(VALUES ('a'), ('b'), ('a')) AS t(c)", "c") + " ORDER BY 1"));
        // The statement for Trino is DuckDB's too.
        Assert.Equal([("a", 2L), ("b", 1L)], session.Query<(string, long)>(DriftSql.Categories(SqlDialect.Trino, "(VALUES ('a'), ('b'), ('a')) AS t(c)", "c") + " ORDER BY 1"));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(53)]
    public void Bins_ShiftOutsideTheRange_IsRefused(int shift) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => DriftSql.Bins(SqlDialect.DuckDb, "t", "x", shift));
}
