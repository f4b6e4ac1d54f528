using Microsoft.Data.Analysis;
using Workbench.Data;
using Workbench.Drift;
using Workbench.Drift.Sources;

namespace Workbench.Core.Tests.Drift.Sources;

public sealed class DriftSourceTests : IDisposable
{
    // 1,000 rows: x = 0..999, plan of two kinds, flag.
    private const string Rows = "SELECT i::DOUBLE / 4 AS x, 'p' || i % 2 AS plan, i % 3 = 0 AS flag FROM range(1000) t(i)";
    private readonly SourceFolder _folder = new();

    private sealed record Order(double X, string Plan, bool? Flag);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("rows.csv", "FORMAT csv, HEADER")]
    [InlineData("rows.csv.gz", "FORMAT csv, HEADER")]
    [InlineData("semicolon.csv", "FORMAT csv, HEADER, DELIMITER ';'")]
    [InlineData("rows.tsv", "FORMAT csv, HEADER, DELIMITER '\t'")]
    [InlineData("rows.tsv.gz", "FORMAT csv, HEADER, DELIMITER '\t'")]
    [InlineData("rows.jsonl", "FORMAT json")]
    [InlineData("rows.ndjson.gz", "FORMAT json")]
    [InlineData("rows.json", "FORMAT json, ARRAY true")]
    public void Compare_EachFormat_EqualsParquet(string name, string format)
    {
        string parquet = _folder.Parquet("rows.parquet", Rows);

        var report = DriftReport.Compare(parquet, _folder.Rows(name, Rows, format));

        Assert.Equal([("x", DriftColumnKind.Numeric), ("plan", DriftColumnKind.Categorical), ("flag", DriftColumnKind.Boolean)], report.Columns.Select(column => (column.Column, column.Kind)));
        AssertSame(report, 1000);
    }

    [Fact]
    public void Compare_HivePartitions_GiveTheirKeysAsColumns()
    {
        _folder.Parquet("hive/region=north/a.parquet", "SELECT i AS x FROM range(100) t(i)");
        _folder.Parquet("hive/region=south/a.parquet", "SELECT i AS x FROM range(300) t(i)");

        var report = DriftReport.Compare(_folder.In("hive"), _folder.In("hive/region=*/*.parquet"));

        Assert.Equal(400, report.ReferenceRows);
        var region = report.Columns.Single(column => column.Column == "region");
        Assert.Equal(["south", "north"], region.Bins!.Categories);
        Assert.Equal([0.75, 0.25], region.Bins.ReferenceShares);
        AssertSame(report, 400);
    }

    [Fact]
    public void Compare_FolderOfCsv_ReadsAllOfItButHiddenFiles()
    {
        _folder.Text("days/1.csv", "x,y\n1,a\n");
        _folder.Text("days/deep/2.csv", "y;x\nb;2\n"); // other delimiter, other order
        _folder.Text("days/.3.csv.tmp", "half");
        _folder.Text("days/_log.csv", "z\n1\n");

        var report = DriftReport.Compare(_folder.In("days"), _folder.In("days"), new DriftOptions().Kind("y", DriftColumnKind.Categorical));

        Assert.Equal(["x", "y"], report.Columns.Select(column => column.Column));
        Assert.Equal(["a", "b"], report.Columns[1].Bins!.Categories);
        AssertSame(report, 2);
    }

    [Fact]
    public void Open_LargeText_IsKeptOnDiskUntilItIsClosed()
    {
        string csv = _folder.Rows("rows.csv", Rows, "FORMAT csv, HEADER");
        string kept;
        using (var input = DuckFiles.Open(csv, inMemoryBytes: 10, TestContext.Current.CancellationToken))
        using (var reader = input.Connect())
        {
            kept = input.Relation.Split('\'')[1];
            Assert.True(File.Exists(kept));
            Assert.Equal((1000, 1000), (input.Rows, reader.Numbers("x", TestContext.Current.CancellationToken).Count));
        }
        Assert.False(Directory.Exists(Path.GetDirectoryName(kept)));
    }

    [Fact]
    public void Frame_Rows_Columns_EqualAQuery()
    {
        string parquet = _folder.Parquet("rows.parquet", Rows);
        using var session = DuckSession.Open();
        var frame = session.Query($"SELECT * FROM '{parquet}'");
        var orders = session.Query<Order>($"SELECT * FROM '{parquet}'");
        var columns = new Dictionary<string, Array>
        {
            ["x"] = orders.Select(order => order.X).ToArray(), ["plan"] = orders.Select(order => order.Plan).ToArray(), ["flag"] = orders.Select(order => order.Flag).ToArray(),
        };

        var query = DriftSource.Query(session.Connection, $"SELECT * FROM '{parquet}' -- all");
        AssertSame(DriftReport.Compare(query, DriftSource.Frame(frame)), 1000);
        AssertSame(DriftReport.Compare(query, DriftSource.Columns(columns)), 1000);
        var records = DriftReport.Compare(DriftSource.Rows(orders, "first"), DriftSource.Rows(orders.Where(order => order.X < 125)));
        Assert.Equal(("first", 1000, 500), (records.Reference, records.ReferenceRows, records.CurrentRows));
        Assert.Equal(["X", "Plan", "Flag"], records.Columns.Select(column => column.Column));
        Assert.Equal(["X"], records.Drifted.Select(column => column.Column));
    }

    [Fact]
    public void Columns_OfOtherLength_NamesBoth()
    {
        var failure = Assert.Throws<ArgumentException>(() => DriftSource.Columns(new Dictionary<string, Array> { ["a"] = new int[3], ["b"] = new double[2] }));

        Assert.StartsWith("Column 'b' has 2 values, column 'a' has 3.", failure.Message);
    }

    [Fact]
    public void Frame_NamesThatDifferInCase_SaysSo()
    {
        var frame = new DataFrame(new Int32DataFrameColumn("a", [1, 2]), new Int32DataFrameColumn("A", [1, 2]));

        var failure = Assert.Throws<DataException>(() => DriftReport.Compare(DriftSource.Frame(frame), DriftSource.Frame(frame)));

        Assert.Contains("'frame'", failure.Message);
        Assert.Contains("names that differ by more than case", failure.Message);
    }

    [Fact]
    public void DuckDb_TablesViewsAndQueries_AreRead()
    {
        string file = _folder.In("shop.duckdb");
        SourceFolder.Execute($"DataSource={file}", $"CREATE TABLE \"my orders; --\" AS {Rows}; CREATE SCHEMA old; CREATE VIEW old.orders AS SELECT * FROM \"my orders; --\"");
        string parquet = _folder.Parquet("rows.parquet", Rows);

        AssertSame(DriftReport.Compare(parquet, $"{file}#my orders; --"), 1000);
        AssertSame(DriftReport.Compare(parquet, $"{file}#old.orders"), 1000);
        var half = DriftReport.Compare(parquet, $"{file}#SELECT * FROM old.orders WHERE x < 125");
        Assert.Equal((500, $"{file}#SELECT * FROM old.orders WHERE x < 125"), (half.CurrentRows, half.Current));
    }

    [Fact]
    public void DuckDb_WhatCannotBeOpened_SaysWhy()
    {
        string file = _folder.In("shop.duckdb"), text = _folder.Text("text.duckdb", "no database");
        SourceFolder.Execute($"DataSource={file}", "CREATE TABLE orders AS SELECT 1 AS x");

        Assert.Contains("has no table 'order'. Did you mean 'orders'? Its tables and views: orders.", Fail($"{file}#order"));
        Assert.Contains("Give a file that DuckDB wrote", Fail($"{text}#orders"));
        Assert.Contains("There is no DuckDB file", Fail($"{_folder.In("absent.duckdb")}#orders"));
        Assert.Contains($"Write {file}#TABLE", Assert.Throws<DataException>(() => DriftSource.Parse(file)).Message);
        Assert.Contains("nosuch", Fail($"{file}#SELECT nosuch FROM orders"));
    }

    [Fact]
    public async Task DuckDb_HeldByAnotherProcess_SaysByWhich()
    {
        string file = _folder.In("shop.duckdb");
        SourceFolder.Execute($"DataSource={file}", "CREATE TABLE orders AS SELECT 1 AS x");
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "python3 holds the lock in this test.");
        // DuckDB locks with fcntl, as this does.
        using var holder = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/usr/bin/python3", ["-c", $"import fcntl,sys; f=open('{file}','r+b'); fcntl.lockf(f, fcntl.LOCK_EX); print('held', flush=True); sys.stdin.read()"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        Assert.Equal("held", await holder.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));

        string message = Fail($"{file}#orders");

        holder.StandardInput.Close();
        await holder.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Contains("Another process has it open for writing", message);
        Assert.Contains($"PID {holder.Id}", message);
    }

    [Theory]
    [InlineData("postgres://anna:ge%23heim@db.example:5433/sales?sslmode=require#public.orders", "public.orders of PostgreSQL database 'sales' at db.example:5433")]
    [InlineData("postgresql://db.example/sales#select * from t where a <> '#1'", "select * from t where a <> '#1' of PostgreSQL database 'sales' at db.example:5432")]
    [InlineData("Host=db.example;Database=sales;Username=anna;Password='ge#heim'#orders", "orders of PostgreSQL database 'sales' at db.example:5432")]
    [InlineData("data/#1.parquet", "data/#1.parquet")]
    [InlineData("shop.duckdb#orders", "shop.duckdb#orders")]
    [InlineData("churn/2024-*.parquet", "churn/2024-*.parquet")]
    public void Parse_Text_GivesTheSource(string text, string name)
    {
        var source = DriftSource.Parse(text);

        Assert.Equal(name, source.Name);
        Assert.DoesNotContain("heim", source.ToString());
    }

    [Theory]
    [InlineData("postgres://anna:geheim@db/sales", "The source names a database and no table. Write postgres://USER@HOST/DATABASE#TABLE")]
    [InlineData("postgres://anna:geheim@db/sales?nosuch=1#t", "a parameter 'nosuch' that is not known. Known: sslmode")]
    [InlineData("postgres://anna:geheim@db:port/sales#t", "The PostgreSQL URI cannot be read")]
    [InlineData("Host=db;Pasword=geheim#t", "cannot be read")]
    [InlineData("env:WORKBENCH_NO_SUCH_VARIABLE#t", "The environment variable 'WORKBENCH_NO_SUCH_VARIABLE' is not set")]
    public void Parse_WrongText_SaysWhatIsAllowed(string text, string message)
    {
        var failure = Assert.Throws<DataException>(() => DriftSource.Parse(text));

        Assert.Contains(message, failure.Message);
        Assert.DoesNotContain("geheim", failure.ToString());
    }

    [Fact]
    public void Parse_EnvironmentVariable_HoldsTheAddress()
    {
        const string variable = "WORKBENCH_TEST_SOURCE";
        Environment.SetEnvironmentVariable(variable, "postgres://anna:geheim@db/sales");

        Assert.Equal("orders of PostgreSQL database 'sales' at db:5432", DriftSource.Parse($"env:{variable}#orders").Name);
    }

    private static string Fail(string source) => Assert.Throws<DataException>(() => DriftReport.Compare(source, source)).Message;

    // Same rows on both sides: every distance is 0.
    private static void AssertSame(DriftReport report, long rows)
    {
        Assert.Equal((rows, rows), (report.ReferenceRows, report.CurrentRows));
        Assert.Empty(report.Skipped);
        Assert.NotEmpty(report.Columns);
        foreach (var column in report.Columns)
        {
            Assert.All(column.Tests, test => Assert.Equal(0, test.Statistic, 1e-12));
            Assert.Equal(column.Bins!.ReferenceShares, column.Bins.CurrentShares);
        }
    }
}
