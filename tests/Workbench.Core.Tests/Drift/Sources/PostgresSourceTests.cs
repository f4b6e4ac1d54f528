using Npgsql;
using Workbench.Data;
using Workbench.Drift;
using Workbench.Drift.Sketches;
using Workbench.Workflows;

namespace Workbench.Core.Tests.Drift.Sources;

/// <summary>A real server against DuckDB on the same rows.</summary>
public sealed class PostgresSourceTests : IDisposable
{
    // Both write it as it stands; ROW is the row's number.
    private static readonly (string Name, string Postgres, string Duck)[] Columns =
    [
        ("number", "CASE WHEN ROW % 50 = 7 THEN NULL WHEN ROW % 900 = 3 THEN CAST('NaN' AS double precision) WHEN ROW % 900 = 4 THEN CAST('Infinity' AS double precision) WHEN ROW % 900 = 5 THEN CAST('-Infinity' AS double precision) WHEN ROW % 900 = 6 THEN CAST('-0' AS double precision) ELSE (ROW * 7919 % 10007) / CAST(13 AS double precision) - 300 END", "DOUBLE"),
        ("real", "CASE WHEN ROW % 3 = 0 THEN NULL ELSE ROW % 100 / 4.0 END", "FLOAT"),
        ("price", "(ROW * 31 % 9973) / 100.0", "DECIMAL(10, 2)"),
        ("big", "9007199254740993 + ROW", "BIGINT"),
        ("small", "ROW % 7", "SMALLINT"),
        ("flag", "CASE WHEN ROW % 11 = 0 THEN NULL ELSE ROW % 3 = 0 END", "BOOLEAN"),
        ("plan", "CASE WHEN ROW % 13 = 0 THEN NULL WHEN ROW % 2 = 0 THEN 'Größe \"1\"' ELSE 'it''s' END", "VARCHAR"),
        ("state", "CASE WHEN ROW % 4 = 0 THEN 'new' ELSE 'paid' END", "ENUM"),
        ("day", "DATE '2025-01-01' + CAST(ROW % 5 AS integer)", "DATE"),
        ("moment", "TIMESTAMP '2025-01-01 10:00:00.5'", "TIMESTAMP"),
        ("words", "NULL", "VARCHAR[]"),
        ("nothing", "NULL", "DOUBLE"),
    ];

    private readonly SourceFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Compare_SameRows_EqualsDuckDb()
    {
        var address = await FillAsync();
        var here = DriftReport.Compare(DriftSource.File(Parquet("before", 0)), DriftSource.File(Parquet("after", 900)));
        var there = DriftReport.Compare(DriftSource.Postgres(address, "before", here.Reference), DriftSource.Postgres(address, "after", here.Current));

        Assert.Equal(10, there.Columns.Count);
        Assert.Equal(["day", "moment", "words"], there.Skipped.Select(column => column.Column));
        Assert.Equal(here.ToJson(), there.ToJson());
        Assert.Contains(there.Columns, column => column.IsDrift);
    }

    [Fact]
    public async Task Compare_AcrossEngines_SeesNoDifference()
    {
        var address = await FillAsync();
        // Numbers as categories too: both sides must write them alike.
        var options = new DriftOptions().Kind("number", DriftColumnKind.Categorical).Kind("real", DriftColumnKind.Categorical).Kind("price", DriftColumnKind.Categorical)
            .Kind("moment", DriftColumnKind.Categorical).Kind("day", DriftColumnKind.Categorical).Kind("flag", DriftColumnKind.Numeric);

        var report = DriftReport.Compare(Parquet("before", 0), DriftSource.Postgres(address, "select * from before where n < 100000 -- all"), options);

        Assert.Equal(12, report.Columns.Count);
        Assert.All(report.Columns, column => Assert.Equal((column.Column, false, 0, 0), (column.Column, column.IsDrift, column.NewCategories.Count, column.MissingCategories.Count)));
        Assert.All(report.Columns.SelectMany(column => column.Tests.Select(test => (column.Column, test.Test, test.Statistic))), one => Assert.Equal((one.Column, one.Test, 0), (one.Column, one.Test, Math.Round(one.Statistic, 12))));
    }

    [Fact]
    public async Task Sketch_SameRows_HasDuckDbsBins()
    {
        var address = await FillAsync();
        var token = TestContext.Current.CancellationToken;
        using var here = DriftSource.File(Parquet("before", 0)).Open(token);
        using var there = DriftSource.Postgres(address, "before").Open(token);
        using var duck = here.Connect();
        using var postgres = there.Connect();
        string[] columns = ["n", "number", "real", "price", "big", "small", "flag", "nothing"];

        foreach (var (name, expected, sketch) in columns.Zip(duck.Sketch(columns, token), postgres.Sketch(columns, token)))
            AssertSame(name, expected, sketch);
        foreach (string column in new[] { "plan", "state" })
        {
            var (expected, sketch) = (duck.SketchCategories(column, token), postgres.SketchCategories(column, token));
            Assert.Equal((expected.Nulls, expected.OtherRows, expected.MaxError), (sketch.Nulls, sketch.OtherRows, sketch.MaxError));
            Assert.Equal(expected.Counts.OrderBy(one => one.Key), sketch.Counts.OrderBy(one => one.Key));
        }
    }

    [Theory]
    [InlineData("full", "exp(random() * 20 - 10) * (case when random() < 0.3 then -1 else 1 end)", 40_000)] // more bins at the first shift than a sketch has
    [InlineData("packed", "1.7e9 + random() * 1000", 30_000)] // the first shift has one bin
    [InlineData("integers", "(random() * 7000)::int", 40_000)] // fewer values than bins, several in one at the first shift
    [InlineData("edges", "(array['-1.7976931348623157e308', '1.7976931348623157e308', '4.9e-324', '-4.9e-324', '2.2250738585072014e-308', '0', '-0', 'NaN', 'Infinity'])[1 + n % 9]", 900)]
    public async Task Sketch_EachShape_HasTheValuesBins(string name, string expression, int rows)
    {
        var (server, database) = await DatabaseAsync();
        var token = TestContext.Current.CancellationToken;
        await ExecuteAsync(server, database, $"select setseed(0.5); create table t as select ({expression})::float8 as x from generate_series(1, {rows}) n");
        using var input = DriftSource.Postgres(DatabaseAddress.Parse(server.ConnectionText(database)), "t").Open(token);
        using var reader = input.Connect();

        var sketch = reader.Sketch(["x"], token)[0];
        var values = reader.Numbers("x", token);

        var expected = new NumericSketchBuilder();
        expected.Add(values.Values, []);
        expected.Add(default, values.Nulls, values.NotFinite);
        AssertSame(name, expected.Build(), sketch);
        Assert.Equal(rows, sketch.Rows);

        // Three ranges, one of a single value, and one that nothing is in.
        double low = values.Values[10], high = values.Values[values.Count / 2], single = values.Values[^1];
        (double Low, double High)[] ranges = [(low, high), (double.BitIncrement(high), double.BitIncrement(high)), (single, single)];
        var within = reader.NumbersIn("x", name == "edges" ? [ranges[0]] : ranges, token);
        Assert.Equal(values.Values.ToArray().Where(value => value >= low && value <= high || name != "edges" && (value == double.BitIncrement(high) || value == single)), within.Values.ToArray());
    }

    private static void AssertSame(string name, NumericSketch expected, NumericSketch sketch)
    {
        Assert.Equal((name, expected.Shift, expected.Count, expected.Nulls, expected.NotFinite), (name, sketch.Shift, sketch.Count, sketch.Nulls, sketch.NotFinite));
        Assert.Equal(expected.Bins.Select(bin => (bin.Bin, bin.Count, bin.Min, bin.Max)), sketch.Bins.Select(bin => (bin.Bin, bin.Count, bin.Min, bin.Max)));
        // Sums of up to 40,000 doubles, added in another order.
        Assert.All(expected.Bins.Zip(sketch.Bins), pair => Assert.Equal(pair.First.Offset, pair.Second.Offset, 1e-11 * (Math.Abs(pair.First.Offset) + pair.First.Count * (pair.First.Max - pair.First.Min)) + double.Epsilon));
        if (expected.Count > 0 && double.IsFinite(expected.StandardDeviation))
        {
            Assert.Equal(expected.Moments.Mean, sketch.Moments.Mean, 1e-11 * Math.Max(Math.Abs(expected.Moments.Mean), expected.StandardDeviation));
            Assert.Equal(expected.StandardDeviation, sketch.StandardDeviation, 1e-9 * expected.StandardDeviation);
        }
    }

    [Fact]
    public async Task Open_WhileOthersWrite_SeesOneSnapshot()
    {
        var (server, database) = await DatabaseAsync();
        await ExecuteAsync(server, database, "create table t as select i as x from generate_series(1, 1000) i");
        using var input = DriftSource.Postgres(DatabaseAddress.Parse(server.ConnectionText(database)), "t").Open(TestContext.Current.CancellationToken);
        using var before = input.Connect();
        await ExecuteAsync(server, database, "insert into t select i from generate_series(1, 500) i");
        using var after = input.Connect();

        Assert.Equal((1000, 1000, 1000), (input.Rows, before.Count("x", TestContext.Current.CancellationToken), after.Numbers("x", TestContext.Current.CancellationToken).Count));
    }

    [Fact]
    public async Task Names_OfTablesAndColumns_MayBeAnything()
    {
        var (server, database) = await DatabaseAsync();
        await ExecuteAsync(server, database, """
            create schema "My Schema"; create table "My Schema"."orders; drop table x; --" ("a "" b" int, "größe" text, "select" float8);
            insert into "My Schema"."orders; drop table x; --" select i, 'g' || i % 3, i from generate_series(1, 100) i;
            create table "select 1" (x int); insert into "select 1" values (1); create view v as select 2 as x
            """);
        var address = DatabaseAddress.Parse(server.ConnectionText(database));

        var odd = DriftSource.Postgres(address, "My Schema.orders; drop table x; --");
        Assert.Equal(["a \" b", "größe", "select"], DriftReport.Compare(odd, odd).Columns.Select(column => column.Column));
        Assert.Equal((1, 1), (DriftReport.Compare(DriftSource.Postgres(address, "select 1"), DriftSource.Postgres(address, "V")) is var report ? (report.ReferenceRows, report.CurrentRows) : default));
    }

    [Fact]
    public async Task WhatCannotBeRead_SaysWhy()
    {
        var (server, database) = await DatabaseAsync();
        await ExecuteAsync(server, database, "create table orders as select i as x, 'n/a' || i as t, ('1e' || (300 + i))::numeric as n from generate_series(1, 100) i");
        await server.AddUserAsync("reader", "geheim", TestContext.Current.CancellationToken);
        var address = DatabaseAddress.Parse(server.ConnectionText(database));

        Assert.Contains($"has no table 'ordes'. Did you mean 'orders'? Its tables and views: orders.", Fail(address, "ordes"));
        Assert.Contains("has 2 columns 'a'", Fail(address, "select 1 as a, 2 as a"));
        Assert.Contains("syntax error", Fail(address, "select from where"));
        Assert.Contains("Correct the query", Fail(address, "select nosuch from orders"));
        Assert.Contains("Correct the query", Fail(address, "select 1 as x) q; drop table orders; --"));
        Assert.Contains("has 0 rows", Fail(address, "select * from orders where false"));
        Assert.Contains("sources are read only", Fail(address, "select setval('s', 1) from (select nextval('s')) q", "create sequence s"));
        Assert.Contains("as numbers: a value is beyond what a double can hold", Fail(address, "select n from orders"));
        var text = Assert.Throws<DataException>(() => Compare(address, "select t from orders", new DriftOptions().Kind("t", DriftColumnKind.Numeric)));
        Assert.Contains("100 of 100 of its values are none, such as 'n/a1'", text.Message);
        Assert.Contains("Ask the owner: GRANT SELECT", Fail(DatabaseAddress.Parse($"{server.ConnectionText(database)};Username=reader;Password=geheim"), "orders"));
        Assert.Contains("the password is wrong", Fail(DatabaseAddress.Parse($"{server.ConnectionText(database)};Username=reader;Password=falsch"), "orders"));
        var away = Assert.Throws<DataException>(() => Compare(DatabaseAddress.Parse("Host=127.0.0.1;Port=1;Database=d;Username=u;Password=geheim"), "orders"));
        Assert.Contains("No PostgreSQL server answers at 127.0.0.1:1", away.Message);
        Assert.True(away.IsUnavailable);
        Assert.DoesNotContain("geheim", away.ToString());

        string Fail(DatabaseAddress at, string tableOrQuery, string? first = null)
        {
            if (first is not null)
                ExecuteAsync(server, database, first).GetAwaiter().GetResult();
            return Assert.Throws<DataException>(() => Compare(at, tableOrQuery)).Message;
        }
    }

    [Fact]
    public async Task TextOfNumbers_IsSaidToBe()
    {
        var (server, database) = await DatabaseAsync();
        var address = DatabaseAddress.Parse(server.ConnectionText(database));

        var report = DriftReport.Compare(
            DriftSource.Postgres(address, "select i as x, i as y from generate_series(1, 100) i"),
            DriftSource.Postgres(address, "select ' ' || i || '.5e-2 ' as x, case when i = 9 then 'none' else i::text end as y from generate_series(1, 100) i"));

        Assert.Contains("All 100 values of the current rows are numbers written as text", report.Columns[0].Note);
        Assert.Contains("1 of 100 values are no numbers, such as 'none'", report.Columns[1].Note);
    }

    [Fact]
    public async Task Cancel_WhileTheServerWorks_EndsIt()
    {
        var (server, database) = await DatabaseAsync();
        // Stable, so that counting the rows leaves it out.
        await ExecuteAsync(server, database, """
            create function slow(i int) returns float8 language plpgsql stable as $$ begin if i = 2900 then perform pg_sleep(600); end if; return i; end $$
            """);
        var address = DatabaseAddress.Parse(server.ConnectionText(database));
        var token = TestContext.Current.CancellationToken;
        using var input = DriftSource.Postgres(address, "select slow(i) as x from generate_series(1, 3000) i").Open(token);
        using var reader = input.Connect();
        using var waiting = input.Connect();
        var watch = System.Diagnostics.Stopwatch.StartNew();

        using var first = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(() => reader.Numbers("x", first.Token), token));
        using var second = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(() => waiting.Categories("x", second.Token), token));
        using var third = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(() => DriftSource.Postgres(address, "select pg_sleep(600)::text as x").Open(third.Token), token));

        // The server would sleep for ten minutes each time.
        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(3), $"took {watch.Elapsed}");
    }

    [Fact]
    public async Task Parse_Uri_ReadsTheTable()
    {
        var (server, database) = await DatabaseAsync();
        await ExecuteAsync(server, database, "create table orders as select i as x from generate_series(1, 100) i");
        var settings = new NpgsqlConnectionStringBuilder(server.ConnectionText(database));
        string uri = $"postgres://{settings.Username}@{settings.Host}:{settings.Port}/{database}?application_name=drift#orders";

        Assert.Equal((100, $"orders of PostgreSQL database '{database}' at 127.0.0.1:{settings.Port}"), DriftReport.Compare(uri, $"{server.ConnectionText(database)}#select * from orders") is var report ? (report.CurrentRows, report.Reference) : default);
    }

    private static DriftReport Compare(DatabaseAddress address, string tableOrQuery, DriftOptions? options = null)
    {
        var source = DriftSource.Postgres(address, tableOrQuery);
        return DriftReport.Compare(source, source, options);
    }

    private static async Task<(PostgresServer Server, string Database)> DatabaseAsync()
    {
        var server = await SharedPostgres.GetAsync();
        return (server, await server.CreateDatabaseAsync(TestContext.Current.CancellationToken));
    }

    // Tables before and after, as in the files of Parquet().
    private static async Task<DatabaseAddress> FillAsync()
    {
        var (server, database) = await DatabaseAsync();
        await ExecuteAsync(server, database, "create type state as enum ('new', 'paid'); create domain shop_text as varchar(40)");
        foreach (var (table, first) in new[] { ("before", 0), ("after", 900) })
            await ExecuteAsync(server, database, $"create table {table} as select n, {string.Join(", ", Columns.Select(column => $"({column.Postgres.Replace("ROW", "n")})::{PostgresType(column)} as \"{column.Name}\""))} from generate_series({first}, {first + 2999}) n");
        return DatabaseAddress.Parse(server.ConnectionText(database));
    }

    private static string PostgresType((string Name, string Postgres, string Duck) column) => column.Duck switch
    {
        "DOUBLE" => "float8", "FLOAT" => "real", "ENUM" => "state", "VARCHAR" => "shop_text", "VARCHAR[]" => "text[]", var same => same,
    };

    private string Parquet(string name, int first)
    {
        string Type(string type) => type == "ENUM" ? "ENUM ('new', 'paid')" : type;
        return _folder.Parquet($"{name}.parquet", $"SELECT n, {string.Join(", ", Columns.Select(column => $"CAST(({column.Postgres.Replace("ROW", "n")}) AS {Type(column.Duck)}) AS \"{column.Name}\""))} FROM range({first}, {first + 3000}) t(n)");
    }

    private static async Task ExecuteAsync(PostgresServer server, string database, string sql)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionText(database));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
