using System.Globalization;
using DuckDB.NET.Data;
using Workbench.Data;
using Workbench.Drift;

namespace Workbench.Core.Tests.Drift;

public sealed class DriftReportTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("workbench-drift-");

    public void Dispose() => _folder.Delete(true);

    [Fact]
    public void Compare_StableSeasonalMonths_NeverDrift()
    {
        var months = Enumerable.Range(0, 12).Select(month => Month(month, priceRise: 0)).ToList();

        // Twelve months, each against the other eleven: 48 columns without a cause to drift.
        for (int month = 0; month < 12; month++)
        {
            string others = Glob(months.Where((_, i) => i != month));
            var report = DriftReport.Compare(others, months[month]);

            Assert.False(report.IsDataDrift, $"Month {month + 1}: {string.Join("; ", report.Drifted.Select(column => $"{column.Column}: {column.Reason}"))}");
            Assert.Equal(4, report.Columns.Count);
        }
    }

    [Fact]
    public void Compare_PriceRise_DriftsInThePriceAlone()
    {
        string reference = Glob(Enumerable.Range(0, 12).Select(month => Month(month, priceRise: 0)));

        var report = DriftReport.Compare(reference, Month(12, priceRise: 6));

        var price = Assert.Single(report.Drifted);
        Assert.Equal("price", price.Column);
        Assert.Contains("confirmed by ks p", price.Reason);
        Assert.Equal(0.25, report.DriftedShare);
        Assert.Equal((12 * 1500, 1500), (report.ReferenceRows, report.CurrentRows));
    }

    [Fact]
    public void Compare_FewRows_ChanceDoesNotDrift()
    {
        // 30 against 30 rows of one distribution: psi over ten bins is about 0.6 by chance alone, ks does not confirm it.
        var drift = DriftReport.CompareNumbers("x", Samples.Bell(1, 30), Samples.Bell(2, 30));

        Assert.True(drift.Tests.Single(test => test.Test == "psi").IsDrift);
        Assert.False(drift.IsDrift);
    }

    [Fact]
    public void Compare_NewCategory_IsNamedAndDriftsFromOnePercent()
    {
        string reference = Csv("reference", "plan", Repeat(("basic", 600), ("pro", 400)));

        var few = Single(DriftReport.Compare(reference, Csv("few", "plan", Repeat(("basic", 600), ("pro", 391), ("flex", 9)))));
        var many = Single(DriftReport.Compare(reference, Csv("many", "plan", Repeat(("basic", 600), ("pro", 390), ("flex", 10)))));

        Assert.Equal([new CategoryShare("flex", 9, 0.009)], few.NewCategories);
        Assert.False(few.IsDrift);
        Assert.True(many.IsDrift);
        Assert.Equal("new category 'flex' (1.0 % of the current rows)", many.Reason);
        Assert.Equal(["basic", "pro", "flex"], many.Bins!.Categories);
    }

    [Fact]
    public void Compare_VanishedCategory_IsNamed()
    {
        var plan = Single(DriftReport.Compare(Csv("a", "plan", Repeat(("basic", 90), ("old", 10))), Csv("b", "plan", Repeat(("basic", 100)))));

        Assert.Equal([new CategoryShare("old", 10, 0.1)], plan.MissingCategories);
    }

    [Fact]
    public void Compare_OddColumns_GiveResults()
    {
        string reference = Write("reference", "SELECT i::DOUBLE AS good, NULL::DOUBLE AS empty, 3.0 AS constant, i::DOUBLE AS gone, i::DOUBLE AS wild, i % 2 = 0 AS flag FROM range(200) t(i)");
        string current = Write("current", "SELECT i::DOUBLE AS good, NULL::DOUBLE AS empty, 4.0 AS constant, NULL::DOUBLE AS gone, if(i < 3, 'inf'::DOUBLE, if(i < 5, 'nan'::DOUBLE, i)) AS wild, i % 2 = 1 AS flag FROM range(200) t(i)");

        var report = DriftReport.Compare(reference, current);
        var columns = report.Columns.ToDictionary(column => column.Column);

        Assert.False(columns["good"].IsDrift);
        Assert.Equal((false, "Neither side has a value."), (columns["empty"].IsDrift, columns["empty"].Note));
        Assert.Equal((1.0, 1.0), (columns["empty"].NullShareReference, columns["empty"].NullShareCurrent));
        Assert.True(columns["constant"].IsDrift);
        Assert.Contains("The reference is constant (3)", columns["constant"].Note);
        Assert.Equal("the reference has 200 finite values, the current rows have none", columns["gone"].Reason);
        Assert.False(columns["wild"].IsDrift);
        Assert.Contains("5 NaN or infinite values of the current rows were left out.", columns["wild"].Note);
        Assert.Equal((DriftColumnKind.Boolean, false), (columns["flag"].Kind, columns["flag"].IsDrift));
        Assert.Equal(report.ToJson(), DriftReport.Parse(report.ToJson()).ToJson());
    }

    [Fact]
    public void Compare_IdsAndDates_AreSkippedWithTheReason()
    {
        string file = Write("rows", "SELECT i AS customer_id, 'row ' || i AS name, DATE '2025-01-01' + i::INTEGER AS day, [i] AS list, 'x' AS label, i AS x FROM range(100) t(i)");

        var report = DriftReport.Compare(file, file, new DriftOptions { Exclude = ["label"] });

        Assert.Equal(["x"], report.Columns.Select(column => column.Column));
        Assert.Equal(
            [("customer_id", DriftColumnKind.Id), ("name", DriftColumnKind.Id), ("day", DriftColumnKind.DateTime), ("list", DriftColumnKind.Other)],
            report.Skipped.Select(column => (column.Column, column.Kind)));
    }

    [Fact]
    public void Compare_OtherColumnsOnEachSide_AreListed()
    {
        var report = DriftReport.Compare(Write("a", "SELECT 1 AS x, 2 AS old"), Write("b", "SELECT 1 AS x, 2 AS fresh"));

        Assert.Equal(("old", "fresh"), (report.MissingColumns.Single(), report.NewColumns.Single()));
    }

    [Fact]
    public void Compare_TypeChanged_IsDrift()
    {
        var column = Single(DriftReport.Compare(Write("a", "SELECT i AS x FROM range(10) t(i)"), Write("b", "SELECT 'n/a' AS x")));

        Assert.Equal("the type changed from BIGINT to VARCHAR", column.Reason);
    }

    [Fact]
    public void Compare_EmptyTextColumnAgainstNumbers_IsNoTypeChange()
    {
        // A CSV column without a value is read as text.
        var column = DriftReport.Compare(Csv("a", "x,y", ["1,1", "2,2"]), Csv("b", "x,y", [",1", ",2"])).Columns[0];

        Assert.Equal((DriftColumnKind.Numeric, "the reference has 2 finite values, the current rows have none"), (column.Kind, column.Reason));
    }

    [Fact]
    public void Compare_OneRowEach_GivesAResult() => Assert.False(DriftReport.Compare(Write("a", "SELECT 1 AS x"), Write("b", "SELECT 2 AS x")).IsDataDrift);

    [Fact]
    public void Compare_TestOfAColumn_ReplacesThePreset()
    {
        string reference = Write("a", "SELECT i::DOUBLE AS x FROM range(1000) t(i)"), current = Write("b", "SELECT i + 100.0 AS x FROM range(1000) t(i)");

        var column = Single(DriftReport.Compare(reference, current, new DriftOptions().Test("x", DriftTests.Ks(0.05))));

        // D = 100 / 1000 for a shift by 100 of 1,000 equally spaced values.
        var test = Assert.Single(column.Tests);
        Assert.Equal(("ks", 0.1, true), (test.Test, Math.Round(test.Statistic, 12), column.IsDrift));
    }

    [Fact]
    public void Test_UnknownName_ListsTheKnownOnes()
    {
        var failure = Assert.Throws<ArgumentException>(() => new DriftOptions().Test("age", "kss"));

        Assert.StartsWith("Unknown drift test 'kss' for column 'age'. Did you mean 'ks'? Known: ks, psi, wasserstein, wasserstein-raw, js,", failure.Message);
    }

    [Fact]
    public void Compare_TestOfTheOtherKind_NamesThoseThatFit()
    {
        string file = Write("a", "SELECT 1 AS age");

        var failure = Assert.Throws<DataException>(() => DriftReport.Compare(file, file, new DriftOptions().Test("age", "chi2")));

        Assert.Contains("'chi2' of column 'age' does not compare numeric columns. Those that do: ks, psi, wasserstein, wasserstein-raw, js, kl, hellinger, energy,", failure.Message);
    }

    [Fact]
    public void Compare_WrongOptions_ListsAllFindings()
    {
        string file = Write("a", "SELECT 1 AS age");

        var failure = Assert.Throws<DataException>(() => DriftReport.Compare(file, file, new DriftOptions { Workers = 0, Columns = ["aeg"] }));

        Assert.Contains("Workers is 0", failure.Message);
        Assert.Contains("Column 'aeg' is not on both sides. Columns of both: age.", failure.Message);
    }

    [Fact]
    public void Compare_BadFiles_SayWhatIsWrong()
    {
        string good = Write("good", "SELECT 1 AS x"), empty = Write("empty", "SELECT 1 AS x WHERE false");
        string torn = Path.Combine(_folder.FullName, "torn.parquet");
        File.WriteAllBytes(torn, File.ReadAllBytes(good)[..^10]);

        Assert.Contains("No table file", Assert.Throws<DataException>(() => DriftReport.Compare(good, "nowhere.parquet")).Message);
        Assert.Contains("has 0 rows", Assert.Throws<DataException>(() => DriftReport.Compare(good, empty)).Message);
        Assert.Contains("torn.parquet", Assert.Throws<DataException>(() => DriftReport.Compare(torn, good)).Message);
        Assert.Contains("no column in common", Assert.Throws<DataException>(() => DriftReport.Compare(good, Write("other", "SELECT 1 AS y"))).Message);
    }

    [Fact]
    public void Compare_QueriesOfASession_SeeItsTables()
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        Execute(connection, "CREATE TABLE rows AS SELECT i % 2 AS month, i::DOUBLE AS x FROM range(1000) t(i)");
        using var open = connection.CreateCommand();
        open.CommandText = "SELECT * FROM rows";
        using var reader = open.ExecuteReader();
        Assert.True(reader.Read());

        var report = DriftReport.Compare(
            DriftSource.Query(connection, "SELECT x FROM rows WHERE month = 0", "even"),
            DriftSource.Query(connection, "SELECT x FROM rows WHERE month = 1;"));

        Assert.Equal(("even", 500, 500, false), (report.Reference, report.ReferenceRows, report.CurrentRows, report.IsDataDrift));
        Assert.True(reader.Read()); // the session's own reader still works
    }

    [Fact]
    public void Compare_Cancelled_Stops()
    {
        string file = Write("a", "SELECT 1 AS x");

        Assert.ThrowsAny<OperationCanceledException>(() => DriftReport.Compare(file, file, cancellationToken: new CancellationToken(true)));
    }

    [Fact]
    public void Compare_OneWorkerOrFour_IsTheSame()
    {
        string a = Month(0, 0), b = Month(12, 6);

        Assert.Equal(
            DriftReport.Compare(a, b, new DriftOptions { Workers = 1 }).ToJson(),
            DriftReport.Compare(a, b, new DriftOptions { Workers = 4 }).ToJson());
    }

    [Fact]
    public void ToFigures_OneSummaryAndOneAColumn_HaveSharesOfOne()
    {
        var report = DriftReport.Compare(Month(0, 0), Month(12, 6));

        var figures = report.ToFigures();

        Assert.Equal(1 + report.Columns.Count, figures.Count);
        Assert.Equal("price: drift", figures[1].Title);
        foreach (var column in report.Columns)
            Assert.Equal((1.0, 1.0), (Math.Round(column.Bins!.ReferenceShares.Sum(), 12), Math.Round(column.Bins.CurrentShares.Sum(), 12)));
    }

    private static ColumnDrift Single(DriftReport report) => Assert.Single(report.Columns);

    private static IEnumerable<string> Repeat(params (string Value, int Count)[] values) => values.SelectMany(one => Enumerable.Repeat(one.Value, one.Count));

    // 1,500 rows: price with noise, usage with a yearly swing of a tenth of its deviation, tickets as small counts, plan.
    private string Month(int month, double priceRise)
    {
        int rows = 1500;
        double season = 0.5 * Math.Sin(2 * Math.PI * month / 12);
        double[] price = Samples.Bell(month * 10 + 1, rows), usage = Samples.Bell(month * 10 + 2, rows), tickets = Samples.Uniform(month * 10 + 3, rows), plan = Samples.Uniform(month * 10 + 4, rows);
        var lines = Enumerable.Range(0, rows).Select(i => string.Create(
            CultureInfo.InvariantCulture,
            $"{30 + priceRise + 8 * price[i]:F2},{20 + season + 5 * usage[i]:F2},{(int)(-Math.Log(1 - tickets[i]) * 1.2)},{(plan[i] < 0.5 ? "basic" : plan[i] < 0.8 ? "plus" : "pro")}"));
        string csv = Csv($"month{month}-{priceRise}", "price,usage,tickets,plan", lines);
        return Write($"month{month}-{priceRise}", $"SELECT * FROM read_csv('{csv}')");
    }

    private string Csv(string name, string header, IEnumerable<string> lines)
    {
        string path = Path.Combine(_folder.FullName, name + ".csv");
        File.WriteAllLines(path, [header, .. lines]);
        return path;
    }

    private string Write(string name, string sql)
    {
        string path = Path.Combine(_folder.FullName, name + ".parquet");
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        Execute(connection, $"COPY ({sql}) TO '{path}' (FORMAT parquet)");
        return path;
    }

    // Files of a choice, as one glob: linked into a folder of their own.
    private string Glob(IEnumerable<string> files)
    {
        var folder = _folder.CreateSubdirectory($"chosen-{_folder.GetDirectories().Length}");
        foreach (string file in files)
            File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
        return Path.Combine(folder.FullName, "*.parquet");
    }

    private static void Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
