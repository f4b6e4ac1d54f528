using Npgsql;
using Workbench.Data;
using Workbench.Drift;
using Workbench.Drift.Causes;
using Workbench.Drift.Chunks;
using Workbench.Drift.Expectations;
using Workbench.Drift.Quality;
using Workbench.Workflows;

namespace Workbench.Core.Tests.Drift.Sources;

/// <summary>What reads rows one by one, over a real server, against DuckDB on the same rows.</summary>
public sealed class PostgresRowsTests : IDisposable
{
    private const int Rows = 3_000;

    // Both engines write it as it stands; ROW is the row's number. 150 rows a day.
    private static readonly (string Name, string Sql, string Postgres, string Duck)[] Columns =
    [
        ("moment", "TIMESTAMP '2025-03-01 00:00:00.000001' + ROW * INTERVAL '9 minutes 36 seconds'", "timestamp", "TIMESTAMP"),
        ("zoned", "CASE WHEN ROW % 90 = 1 THEN NULL ELSE TIMESTAMP '2025-03-01 00:00:00' + ROW * INTERVAL '9 minutes 36 seconds' END", "timestamptz", "TIMESTAMPTZ"),
        ("day", "CASE WHEN ROW % 700 = 5 THEN DATE '1969-07-20' WHEN ROW % 700 = 6 THEN CAST('infinity' AS date) ELSE DATE '2025-03-01' + CAST(ROW % 5 AS integer) END", "date", "DATE"),
        ("load", "CASE WHEN ROW % 50 = 7 THEN NULL WHEN ROW % 900 = 3 THEN CAST('NaN' AS double precision) ELSE (ROW * 7919 % 10007) / CAST(13 AS double precision) + ROW / CAST(20 AS double precision) END", "float8", "DOUBLE"),
        ("real", "CASE WHEN ROW % 3 = 0 THEN NULL ELSE ROW % 100 / 4.0 END", "real", "FLOAT"),
        ("price", "(ROW * 31 % 9973) / 100.0 - 40", "numeric(12,4)", "DECIMAL(12,4)"),
        ("huge", "9007199254740993 + ROW", "bigint", "BIGINT"),
        ("small", "ROW % 7 - 3", "smallint", "SMALLINT"),
        ("flag", "CASE WHEN ROW % 11 = 0 THEN NULL ELSE ROW % 3 = 0 OR ROW > 3000 END", "boolean", "BOOLEAN"),
        ("plan", "CASE WHEN ROW % 13 = 0 THEN NULL WHEN ROW % 2 = 0 THEN 'Größe \"1\"' WHEN ROW % 5 = 0 THEN '' ELSE 'it''s' END", "varchar(40)", "VARCHAR"),
        ("said", "CASE WHEN ROW % 40 = 9 THEN NULL ELSE 'the ' || CAST(ROW AS text) || '. order is ' || (CASE WHEN ROW % 3 = 0 THEN 'very late, ' || chr(10) || 'again' WHEN ROW > 3000 THEN 'lost in Köln' ELSE 'fine, thank you' END) END", "text", "VARCHAR"),
        ("vector", "CASE WHEN ROW % 60 = 8 THEN NULL ELSE ARRAY[ROW % 17, ROW * 7 % 23 - 5.5, (ROW - 1500) / CAST(700 AS double precision)] END", "float8[]", "DOUBLE[]"),
        ("score", "(ROW % 100) / CAST(100 AS double precision) + (CASE WHEN ROW > 3000 AND ROW % 7 = 6 THEN 0.5 ELSE 0 END)", "float8", "DOUBLE"),
        ("key", "CAST(lpad(CAST(ROW AS text), 32, '0') AS uuid)", "uuid", "UUID"),
        ("names", "ARRAY['a', 'b']", "text[]", "VARCHAR[]"),
        ("hour", "CAST('10:00:00' AS time)", "time", "TIME"),
        ("nothing", "NULL", "float8", "DOUBLE"),
    ];

    private readonly SourceFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Options => [.. Asked.Keys.Where(asked => asked != "all")];

    private static readonly Dictionary<string, Func<DriftOptions>> Asked = new()
    {
        ["texts and embeddings"] = () => new(),
        ["chunks by day"] = () => new() { Chunks = Chunking.By(ChunkPeriod.Day, "moment") },
        ["chunks by day of a time with zone, few columns"] = () => new() { Chunks = Chunking.By(ChunkPeriod.Day), TimeColumn = "zoned", Columns = ["load", "plan"] },
        ["chunks by rows"] = () => new() { Chunks = Chunking.Size(200), Exclude = ["moment", "zoned", "day"] },
        ["season"] = () => new() { Season = Season.HourOfDay, TimeColumn = "moment" },
        ["many columns together"] = () => new() { Multivariate = new(), Correlations = new() },
        ["causes"] = () => new() { Causes = new() { Quantities = ["score"] }, Columns = ["load"] },
        ["quality"] = () => new() { Quality = true },
        ["all"] = () => new DriftOptions
        {
            Chunks = Chunking.By(ChunkPeriod.Day, "moment"), Season = Season.HourOfDay, Multivariate = new(), Correlations = new(), Causes = new() { Quantities = ["score"] },
            Quality = true, Target = "flag", Prediction = "score", MemoryLimit = 128L << 20,
        }.Embedding("pair", "load", "real"),
    };

    [Theory, MemberData(nameof(Options))]
    public async Task Compare_SameRows_EqualsDuckDb(string asked)
    {
        var (server, database) = await FillAsync();
        var address = DatabaseAddress.Parse(server.ConnectionText(database));
        int left = Copies();

        var here = DriftReport.Compare(Parquet("before", 0), Parquet("after", 1500), Asked[asked]());
        var there = DriftReport.Compare(DriftSource.Postgres(address, "before", here.Reference), DriftSource.Postgres(address, "after", here.Current), Asked[asked]());

        Assert.Equal(here.ToJson(), there.ToJson());
        Assert.Contains(there.Columns, column => column.IsDrift);
        Assert.Equal(left, Copies());
    }

    [Fact]
    public async Task Compare_EachPart_IsFilled()
    {
        var (server, database) = await FillAsync();
        var address = DatabaseAddress.Parse(server.ConnectionText(database));

        // One side alone may be the server's.
        var report = DriftReport.Compare(Parquet("before", 0), DriftSource.Postgres(address, "select * from after -- all"), Asked["all"]());

        Assert.Equal(20, report.Timeline!.Chunks.Count);
        Assert.NotNull(report.Multivariate!.Classifier);
        Assert.True(report.Correlations!.Pairs > 0);
        Assert.Contains(report.Causes!.Quantities, quantity => quantity.Name == "score");
        Assert.Contains(report.Quality!.Columns, column => column.Column == "names");
        Assert.Equal([DriftColumnKind.Text, DriftColumnKind.Embedding, DriftColumnKind.Embedding], report.Columns.Where(column => column.Column is "said" or "vector" or "pair").Select(column => column.Kind));
    }

    [Fact]
    public async Task QualityAndExpectations_OfATable_EqualDuckDbs()
    {
        var (server, database) = await FillAsync();
        string file = Parquet("before", 0);
        var table = DriftSource.Postgres(DatabaseAddress.Parse(server.ConnectionText(database)), "before", file);

        Assert.Equal(DataQualityReport.Of(file).ToJson(), DataQualityReport.Of(table).ToJson());
        Assert.Equal(DataExpectations.Infer(file).ToYaml(), DataExpectations.Infer(table).ToYaml());
        Assert.Equal(DriftCauses.Find(file, Parquet("after", 1500)).Sentences(), DriftCauses.Find(table, Parquet("after", 1500)).Sentences());
    }

    [Fact]
    public async Task Values_AtTheEdges_ComeOver()
    {
        var (server, database) = await DatabaseAsync();
        var address = DatabaseAddress.Parse(server.ConnectionText(database));
        using var input = DriftSource.Postgres(address, """
            select '-infinity'::timestamptz as a, '9999999999999999999999.999999'::numeric(28,6) as b, '-0.0001'::numeric(5,4) as c, '12345.5'::numeric as d,
              array[1, null, 2.5]::numeric[] as e, '{}'::int[] as f, '00112233-4455-6677-8899-aabbccddeeff'::uuid as g, repeat('ä', 100000) as h, '0044-03-15 BC'::date as i, '{"x": 1}'::jsonb as j
            """).OpenRows(TestContext.Current.CancellationToken);
        var duck = Assert.IsType<Workbench.Drift.Sources.DuckInput>(input);
        using var connection = duck.Duplicate();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT concat_ws('|', a::VARCHAR, b::VARCHAR, c::VARCHAR, d::VARCHAR, e::VARCHAR, f::VARCHAR, g::VARCHAR, length(h)::VARCHAR, i::VARCHAR, j::VARCHAR) FROM {duck.Relation}";

        Assert.Equal("-infinity|9999999999999999999999.999999|-0.0001|12345.5|[1.0, NULL, 2.5]|[]|00112233-4455-6677-8899-aabbccddeeff|100000|0044-03-15 (BC)|{\"x\": 1}", command.ExecuteScalar());
        Assert.Equal(["TIMESTAMP WITH TIME ZONE", "DECIMAL(28,6)", "DECIMAL(5,4)", "DECIMAL", "DECIMAL[]", "INTEGER[]", "UUID", "VARCHAR", "DATE", "JSON"], duck.Columns.Select(column => column.Type));
    }

    [Fact]
    public async Task WhatCannotBeCopied_SaysWhy_AndLeavesNothing()
    {
        var (server, database) = await FillAsync();
        var address = DatabaseAddress.Parse(server.ConnectionText(database));
        var before = DriftSource.Postgres(address, "before");
        int left = Copies();

        Assert.Contains("Column 'x' holds NaN in a numeric", Fail(DriftSource.Postgres(address, "select 'NaN'::numeric(5,2) as x"), new() { Quality = true }));
        Assert.Contains("several: moment, zoned, day", Fail(before, new() { Chunks = Chunking.By(ChunkPeriod.Day) }));
        Assert.Contains("'nosuch' is not on both sides", Fail(before, new() { Causes = new() { Quantities = ["nosuch"] } }));

        // A profile has no rows to copy.
        string profile = _folder.In("before.wbprofile");
        DriftProfile.Build(before).Save(profile);
        foreach (var (options, named) in new (DriftOptions, string)[] { (new() { Chunks = Chunking.Size(200) }, "chunks"), (new() { Multivariate = new() }, "Multivariate"), (new() { Causes = new() }, "Causes"), (new() { Quality = true }, "Quality") })
            Assert.Contains(named, Assert.Throws<DataException>(() => DriftReport.Compare(profile, before, options)).Message);
        Assert.Equal(left, Copies());

        static string Fail(DriftSource source, DriftOptions options) => Assert.Throws<DataException>(() => DriftReport.Compare(source, source, options)).Message;
    }

    [Fact]
    public async Task Cancel_WhileRowsAreCopied_EndsIt()
    {
        var (server, database) = await DatabaseAsync();
        await ExecuteAsync(server, database, """
            create function slow(i int) returns float8 language plpgsql stable as $$ begin if i = 2900 then perform pg_sleep(60); end if; return i; end $$
            """);
        var source = DriftSource.Postgres(DatabaseAddress.Parse(server.ConnectionText(database)), "select slow(i) as x from generate_series(1, 3000) i");
        int left = Copies();
        var watch = System.Diagnostics.Stopwatch.StartNew();

        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(() => DriftReport.Compare(source, source, new() { Quality = true }, stop.Token), TestContext.Current.CancellationToken));

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"took {watch.Elapsed}");
        Assert.Equal(left, Copies());
    }

    // Only copies have this file.
    private static int Copies() => Directory.GetDirectories(ScratchFolder.OfProcess).Count(folder => File.Exists(Path.Combine(folder, "rows.duckdb")));

    private static async Task<(PostgresServer Server, string Database)> DatabaseAsync()
    {
        var server = await SharedPostgres.GetAsync();
        return (server, await server.CreateDatabaseAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<(PostgresServer Server, string Database)> FillAsync()
    {
        var (server, database) = await DatabaseAsync();
        foreach (var (table, first) in new[] { ("before", 0), ("after", 1500) })
            await ExecuteAsync(server, database, $"set time zone 'UTC'; create table {table} as select {Select(column => column.Postgres)} from generate_series({first}, {first + Rows - 1}) n");
        return (server, database);
    }

    private string Parquet(string name, int first) => _folder.Parquet($"{name}.parquet", $"SELECT {Select(column => column.Duck)} FROM range({first}, {first + Rows}) t(n)");

    private static string Select(Func<(string Name, string Sql, string Postgres, string Duck), string> type) =>
        string.Join(", ", Columns.Select(column => $"CAST(({column.Sql.Replace("ROW", "n")}) AS {type(column)}) AS \"{column.Name}\""));

    private static async Task ExecuteAsync(PostgresServer server, string database, string sql)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionText(database));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
