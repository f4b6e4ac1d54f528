using System.Text;
using Workbench.Data;
using Workbench.Drift;

namespace Workbench.Core.Tests.Drift.Sources;

/// <summary>Each bad input gives a result or an error that says what, which, and what to do.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly SourceFolder _folder = new();
    private string Good => field ??= _folder.Parquet("good.parquet", "SELECT i AS x FROM range(100) t(i)");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void NamesInOtherCase_GiveAHint()
    {
        string upper = _folder.Parquet("upper.parquet", "SELECT i AS X, i AS y FROM range(100) t(i)");

        Assert.Contains("no column in common: [x] against [X, y]. 'x' and 'X' differ only in case: rename one", Fail(Good, upper));

        var some = DriftReport.Compare(_folder.Parquet("some.parquet", "SELECT i AS x, i AS y FROM range(100) t(i)"), upper);
        Assert.Equal(["y"], some.Columns.Select(column => column.Column));
        var skipped = Assert.Single(some.Skipped);
        Assert.Equal("x", skipped.Column);
        Assert.Contains("The current rows call it 'X'", skipped.Reason);
    }

    [Fact]
    public void IntegersAgainstDoublesAndDecimals_AreCompared()
    {
        string doubles = _folder.Parquet("doubles.parquet", "SELECT i::DOUBLE AS x FROM range(100) t(i)"), decimals = _folder.Parquet("decimals.parquet", "SELECT i::DECIMAL(18, 4) AS x FROM range(100) t(i)");

        Assert.Equal(0, Single(Good, doubles).Tests.Single(test => test.Test == "wasserstein").Statistic);
        Assert.Equal(0, Single(doubles, decimals).Tests.Single(test => test.Test == "wasserstein").Statistic);
    }

    [Fact]
    public void NumbersAsText_SaySo()
    {
        string text = _folder.Parquet("text.parquet", "SELECT i::VARCHAR AS x FROM range(1200) t(i)");

        var column = Single(Good, text);
        Assert.Equal("the type changed from BIGINT to VARCHAR", column.Reason);
        Assert.Contains("All 1,200 values of the current rows are numbers written as text", column.Note);
        Assert.Contains("All 1,200 values of the reference", Single(text, Good).Note);

        var asNumbers = Assert.Single(DriftReport.Compare(text, text, new DriftOptions().Kind("x", DriftColumnKind.Numeric)).Columns);
        Assert.Equal((DriftColumnKind.Numeric, 0.0), (asNumbers.Kind, asNumbers.Tests.Single(test => test.Test == "ks").Statistic));
    }

    [Fact]
    public void SomeTextAmongNumbers_NamesAValue()
    {
        string text = _folder.Text("text.csv", "x\n" + string.Join("\n", Enumerable.Range(0, 100).Select(i => i % 50 == 7 ? "n/a" : $"{i}")));

        Assert.Contains("Of the current rows, 2 of 100 values are no numbers, such as 'n/a'", Single(Good, text).Note);
        var failure = Assert.Throws<DataException>(() => DriftReport.Compare(Good, text, new DriftOptions().Kind("x", DriftColumnKind.Numeric)));
        Assert.Contains("Column 'x' of", failure.Message);
        Assert.Contains("2 of 100 of its values are none, such as 'n/a'", failure.Message);
        Assert.Equal(("x", "n/a"), (failure.Column, failure.Value));
    }

    [Theory]
    [InlineData("jsonl", 30000, "{\"x\":\"n/a\"}")]
    [InlineData("csv", 50000, "n/a")]
    public void TextLateAmongNumbers_IsFoundByReadingAllRows(string format, int rows, string bad)
    {
        string head = format == "csv" ? "x\n" : "";
        string late = _folder.Text($"late.{format}", head + string.Join("\n", Enumerable.Range(0, rows).Select(i => i == rows - 10 ? bad : format == "csv" ? $"{i}" : $"{{\"x\":{i}}}")) + "\n");

        var report = DriftReport.Compare(Good, late);

        Assert.Equal(rows, report.CurrentRows);
        Assert.StartsWith("the type changed from BIGINT to", Assert.Single(report.Columns).Reason);
    }

    [Fact]
    public void ZeroRowsOfEachFormat_NameTheSide()
    {
        string parquet = _folder.Parquet("zero.parquet", "SELECT 1 AS x WHERE false"), csv = _folder.Text("header.csv", "x\n"), bytes = _folder.Text("bytes.csv", ""), blank = _folder.Text("blank.csv", "\n1\n");

        Assert.Contains($"The current '{parquet}' has 0 rows", Fail(Good, parquet));
        Assert.Contains($"The reference '{csv}' has 0 rows", Fail(csv, Good));
        Assert.Contains("is empty (0 bytes)", Fail(Good, bytes));
        Assert.Contains("Line 1 of", Fail(Good, blank));
        Assert.Contains("has 0 rows", Assert.Throws<DataException>(() => DriftReport.Compare(Good, DriftSource.Rows(Array.Empty<BadInputTests>().Select(_ => new { x = 1 })))).Message);
    }

    [Fact]
    public void AllNullConstantAndInfinite_AreResults()
    {
        string odd = _folder.Parquet("odd.parquet", "SELECT NULL::INTEGER AS nothing, 5 AS same, if(i = 0, 'Infinity'::DOUBLE, if(i = 1, '-Infinity'::DOUBLE, if(i = 2, 'NaN'::DOUBLE, i))) AS wild, NULL::VARCHAR AS silent FROM range(100) t(i)");

        var columns = DriftReport.Compare(odd, odd).Columns.ToDictionary(column => column.Column);

        Assert.Equal("Neither side has a value.", columns["nothing"].Note);
        Assert.Equal("Neither side has a value.", columns["silent"].Note);
        Assert.Contains("constant (5)", columns["same"].Note);
        Assert.Contains("3 NaN or infinite values of the reference rows were left out.", columns["wild"].Note);
        Assert.DoesNotContain(columns.Values, column => column.IsDrift);
    }

    [Fact]
    public void TenThousandCategories_AreComparedAndCutForTheReport()
    {
        string many = _folder.Parquet("many.parquet", "SELECT 'c' || i % 10000 AS c FROM range(40000) t(i)"), others = _folder.Parquet("others.parquet", "SELECT 'd' || i % 10000 AS c FROM range(40000) t(i)");

        var same = Single(many, many);
        Assert.Equal((DriftColumnKind.Categorical, false, 21), (same.Kind, same.IsDrift, same.Bins!.Categories!.Count));
        var fresh = Single(many, others);
        // Each new category alone is rarer than a hundredth.
        Assert.Equal("10,000 new categories, which hold 100.0 % of the current rows", fresh.Reason);
        Assert.Equal(100, fresh.NewCategories.Count);
        Assert.Contains("10000 new categories", fresh.Note);
        Assert.True(DriftReport.Compare(many, others).ToJson().Length < 100_000);
    }

    [Fact]
    public void RareCategories_ThatChanceExplains_AreNoDrift()
    {
        // 8,000 of 10,000 reference rows have a category of their own: as many new ones are expected.
        string names = _folder.Parquet("names1.parquet", "SELECT if(i < 8000, 'n' || i, 'common') AS c FROM range(10000) t(i)"), others = _folder.Parquet("names2.parquet", "SELECT if(i < 8000, 'm' || i, 'common') AS c FROM range(10000) t(i)");

        Assert.DoesNotContain("new categories, which hold", Assert.Single(DriftReport.Compare(names, others, new DriftOptions().Kind("c", DriftColumnKind.Categorical)).Columns).Reason ?? "");
    }

    [Fact]
    public void Twins_AreRefusedByName()
    {
        using var session = DuckSession.Open();
        var twins = DriftSource.Query(session.Connection, "select 1 as a, 2 as a, 3 as b", "twins");

        Assert.Contains("'twins' has 2 columns 'a'. Each column needs a name of its own: rename all but one with AS.", Assert.Throws<DataException>(() => DriftReport.Compare(twins, twins)).Message);
        string csv = _folder.Text("twins.csv", "a;b;\"a\"\n1;2;3\n");
        var failure = Assert.Throws<DataException>(() => DriftReport.Compare(csv, csv));
        Assert.Equal(($"Line 1 of '{csv}' names 2 columns 'a'. Each column needs a name of its own: rename all but one.", 1L, "a"), (failure.Message, failure.Line, failure.Column));
    }

    [Fact]
    public void Encodings_AreReadOrNamed()
    {
        const string content = "stadt,x\nMünchen,1\nKöln,2\n";
        string utf8 = _folder.Text("utf8.csv", content), bom = _folder.Text("bom.csv", content, new UTF8Encoding(true));
        string utf16 = _folder.Text("utf16.csv", content, Encoding.Unicode), bare16 = _folder.Text("bare16.csv", content, new UnicodeEncoding(false, false));
        string big = _folder.Text("big.csv", content, Encoding.BigEndianUnicode), latin = _folder.Text("latin.csv", content, Encoding.Latin1);
        var options = new DriftOptions().Kind("stadt", DriftColumnKind.Categorical);

        foreach (string readable in new[] { bom, utf16, bare16 })
            Assert.Empty(DriftReport.Compare(utf8, readable, options).Columns.SelectMany(column => column.NewCategories));
        Assert.Contains("big-endian UTF-16", Fail(utf8, big));
        Assert.Contains($"Line 2 of '{latin}' is no UTF-8", Fail(utf8, latin));
        Assert.Contains("iconv -f WINDOWS-1252", Fail(utf8, latin));

        // One file of several, and far behind the rows that types are guessed from.
        _folder.Text("mixed/a.csv", content);
        string late = _folder.Text("mixed/b.csv", "stadt,x\n" + string.Concat(Enumerable.Range(0, 60_000).Select(i => i == 50_000 ? "Köln,1\n" : "Bonn,1\n")), Encoding.Latin1);
        Assert.Contains($"Line 50002 of '{late}' is no UTF-8", Fail(utf8, _folder.In("mixed")));
        _folder.Text("both/a.csv", content, Encoding.Unicode);
        _folder.Text("both/b.csv", content.Replace(',', ';'));
        Assert.Equal(4, DriftReport.Compare(utf8, _folder.In("both")).CurrentRows);
        string json = _folder.Text("latin.jsonl", "{\"stadt\":\"Bonn\"}\n{\"stadt\":\"Köln\"}\n", Encoding.Latin1);
        Assert.Contains($"Line 2 of '{json}' is no UTF-8", Fail(utf8, json));
    }

    [Fact]
    public void HalfWrittenFiles_AreNamed()
    {
        string whole = _folder.Parquet("parts/1.parquet", "SELECT i AS x, hash(i) AS h FROM range(10000) t(i)"), torn = _folder.In("parts/2.parquet"), hurt = _folder.In("hurt/2.parquet");
        byte[] bytes = File.ReadAllBytes(whole);
        File.WriteAllBytes(torn, bytes[..(bytes.Length / 2)]);

        foreach (string source in new[] { torn, _folder.In("parts"), _folder.In("parts/*.parquet") })
        {
            string message = Fail(Good, source);
            Assert.Contains(torn, message);
            Assert.Contains("It is no whole Parquet file: its writer is busy or died.", message);
        }

        // Right at both ends, wrong in the middle: seen when the column is scanned.
        Directory.CreateDirectory(_folder.In("hurt"));
        Array.Fill<byte>(bytes, 0xFF, 100, 2000); // to Snappy: copy from 4 GiB before
        File.WriteAllBytes(hurt, bytes);
        File.Copy(whole, _folder.In("hurt/1.parquet"));
        string scanned = Fail(whole, _folder.In("hurt"));
        Assert.Contains(hurt, scanned);
        Assert.Contains("It is no whole Parquet file", scanned);

        string gzip = _folder.In("torn.csv.gz");
        File.WriteAllBytes(gzip, Compressed("x\n" + string.Join("\n", Enumerable.Range(0, 10_000).Select(i => (i * 2654435761L) % 1_000_003)) + "\n")[..20_000]);
        Assert.Contains($"Cannot read '{gzip}': it is no whole gzip file", Fail(Good, gzip));
        // Two files in one, as gzip allows and log collectors do.
        string part = _folder.Rows("part.csv.gz", "SELECT i AS x FROM range(50) t(i)", "FORMAT csv, HEADER");
        File.WriteAllBytes(_folder.In("both.csv.gz"), [.. File.ReadAllBytes(part), .. Compressed(string.Join("\n", Enumerable.Range(50, 50)) + "\n")]);
        Assert.Equal(100, DriftReport.Compare(Good, _folder.In("both.csv.gz")).CurrentRows);
        string json = _folder.Text("torn.jsonl", "{\"x\":1}\n{\"x\":2");
        Assert.Contains($"Line 2 of '{json}' is no JSON object", Fail(Good, json));
    }

    [Fact]
    public void ParquetOfDifferingSchemas_IsReadByName()
    {
        _folder.Parquet("versions/1.parquet", "SELECT i AS x, 'a' AS code FROM range(100) t(i)");
        _folder.Parquet("versions/2.parquet", "SELECT 'b' AS code, i + 0.5 AS x, i AS fresh FROM range(100) t(i)");

        var report = DriftReport.Compare(_folder.In("versions"), _folder.In("versions"));

        Assert.Equal([("x", 0.0), ("code", 0.0), ("fresh", 0.5)], report.Columns.Select(column => (column.Column, column.NullShareReference)));
        _folder.Parquet("versions/3.parquet", "SELECT 'n/a' AS x FROM range(10) t(i)");
        Assert.Equal(("x", DriftColumnKind.Categorical), DriftReport.Compare(_folder.In("versions"), _folder.In("versions"), new DriftOptions().Kind("x", DriftColumnKind.Categorical)).Columns.Select(column => (column.Column, column.Kind)).First());
    }

    [Theory]
    [InlineData("x,y\n1,2\n3\n4,5\n", 3)]
    [InlineData("x,y\n1,2\n3,4,5\n", 3)]
    public void RaggedCsv_NamesTheLine(string content, long line)
    {
        string ragged = _folder.Text("ragged.csv", content);

        var failure = Assert.Throws<DataException>(() => DriftReport.Compare(ragged, ragged));

        Assert.Equal((ragged, line), (failure.Origin, failure.Line));
        Assert.Contains($"line {line}", failure.Message);
    }

    [Fact]
    public void PathsThatHoldNothing_SayWhatIsThere()
    {
        Directory.CreateDirectory(_folder.In("empty"));
        _folder.Text("mixed/a.csv", "x\n1\n");
        _folder.Parquet("mixed/b.parquet", "SELECT 1 AS x");

        Assert.Contains("holds no table file. Allowed: .parquet, .csv", Fail(Good, _folder.In("empty")));
        Assert.Contains("No table file", Fail(Good, _folder.In("god.parquet")));
        Assert.Contains("Did you mean 'good.parquet'?", Fail(Good, _folder.In("god.parquet")));
        Assert.Contains("does not exist", Fail(Good, _folder.In("nowhere/x.parquet")));
        Assert.Contains("one kind at a time", Fail(Good, _folder.In("mixed/*")));
        Assert.Contains("files of unknown kind", Fail(Good, _folder.Text("notes.txt", "x")));
    }

    [Fact]
    public void FileWithoutPermission_SaysSo()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "The superuser may read everything.");
        if (OperatingSystem.IsWindows())
            return; // for the analyzer
        File.SetUnixFileMode(Good, UnixFileMode.None);
        string csv = _folder.Text("secret.csv", "x\n1\n");
        File.SetUnixFileMode(csv, UnixFileMode.None);

        Assert.Contains("Make it readable", Fail(Good, Good));
        Assert.Contains("Make it readable", Fail(csv, csv));
    }

    [Fact]
    public void FileThatVanishes_IsNamed()
    {
        // The files are listed when the source is opened, and gone when its columns are read.
        string one = _folder.Parquet("vanish/1.parquet", "SELECT i AS x FROM range(100) t(i)");
        _folder.Parquet("vanish/2.parquet", "SELECT i AS x FROM range(100) t(i)");
        using var opened = DriftSource.File(_folder.In("vanish")).Open(TestContext.Current.CancellationToken);
        using var reader = opened.Connect();
        File.Delete(one);

        var failure = Assert.Throws<DataException>(() => reader.Numbers("x", TestContext.Current.CancellationToken));

        Assert.Contains(one, failure.Message);
        Assert.Contains("It vanished while it was read", failure.Message);
    }

    [Fact]
    public void HugeNumbers_AreCompared()
    {
        // Beyond 64 bits, and decimals of 38 digits.
        string csv = _folder.Text("huge.csv", "n\n" + string.Join("\n", Enumerable.Range(0, 100).Select(i => $"{i + 1}23456789012345678901234567890")));
        string huge = _folder.Parquet("huge.parquet", "SELECT (170141183460469231731687303715884105727::HUGEINT - i) AS n, (12345678901234567890123456.5 + i)::DECIMAL(38, 4) AS d FROM range(100) t(i)");

        Assert.Equal(DriftColumnKind.Numeric, Single(csv, csv).Kind);
        Assert.All(DriftReport.Compare(huge, huge).Columns, column => Assert.Equal((DriftColumnKind.Numeric, false), (column.Kind, column.IsDrift)));
    }

    [Fact]
    public void DatesAsText_AreSkippedLikeDates()
    {
        string march = _folder.Parquet("march.parquet", "SELECT '2025-03-0' || (i % 9 + 1) AS day, '2025-03-01T10:00:0' || (i % 9) || 'Z' AS at, 'no' || i % 9 AS code FROM range(500) t(i)");
        string april = _folder.Parquet("april.parquet", "SELECT '2025-04-0' || (i % 9 + 1) AS day, '2025-04-01T10:00:0' || (i % 9) || 'Z' AS at, 'no' || i % 9 AS code FROM range(500) t(i)");

        var report = DriftReport.Compare(march, april);

        Assert.Equal(["code"], report.Columns.Select(column => column.Column));
        Assert.Equal([("day", DriftColumnKind.DateTime), ("at", DriftColumnKind.DateTime)], report.Skipped.Select(column => (column.Column, column.Kind)));
        Assert.Contains("dates written as text, such as '2025-03-0", report.Skipped[0].Reason);
        Assert.True(DriftReport.Compare(march, april, new DriftOptions().Kind("day", DriftColumnKind.Categorical)).Columns[0].IsDrift);
    }

    [Fact]
    public void NestedTypes_AreSkippedWithTheirType()
    {
        string nested = _folder.Parquet("nested.parquet", "SELECT ['a'] AS words, {'a': i} AS fields, MAP {'k': i} AS map, 'x'::BLOB AS bytes, i AS x FROM range(100) t(i)");

        var report = DriftReport.Compare(nested, nested);

        Assert.Equal(["x"], report.Columns.Select(column => column.Column));
        Assert.Equal(["words", "fields", "map", "bytes"], report.Skipped.Select(column => column.Column));
        Assert.Contains("Its type STRUCT(a BIGINT) is not compared", report.Skipped[1].Reason);
        Assert.Equal("the type changed from BIGINT to STRUCT(a BIGINT)", Assert.Single(DriftReport.Compare(Good, _folder.Parquet("became.parquet", "SELECT {'a': i} AS x FROM range(10) t(i)")).Columns).Reason);
    }

    [Theory]
    [InlineData("a \"quoted\" name")]
    [InlineData("größe in m² 🙂")]
    [InlineData("x\"; DROP TABLE source; --")]
    [InlineData("select")]
    [InlineData("it's")]
    [InlineData(" padded ")]
    public void AnyColumnName_IsCompared(string name)
    {
        string quoted = name.Replace("\"", "\"\"");
        string parquet = _folder.Parquet("names.parquet", $"SELECT i AS \"{quoted}\", 'a' AS \"{quoted}2\" FROM range(100) t(i)");

        var report = DriftReport.Compare(parquet, parquet);

        Assert.Equal([name, name + "2"], report.Columns.Select(column => column.Column));
        Assert.Equal(name, DriftReport.Parse(report.ToJson()).Columns[0].Column);
    }

    [Fact]
    public async Task Cancel_InTheMiddleOfAScan_EndsIt()
    {
        using var session = DuckSession.Open();
        // Three seconds of work without a row: only DuckDB's own interrupt ends it early.
        var slow = DriftSource.Query(session.Connection, "SELECT sum(a.range * b.range % 7)::DOUBLE AS x FROM range(100000) a, range(100000) b", "slow");
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var watch = System.Diagnostics.Stopwatch.StartNew();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(() => DriftReport.Compare(slow, Good, cancellationToken: source.Token), TestContext.Current.CancellationToken));

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"took {watch.Elapsed}");
    }

    [Fact]
    public async Task Cancel_WhileTextIsLoaded_EndsIt()
    {
        string csv = _folder.Rows("long.csv", "SELECT i AS x, hash(i) AS h, hash(i + 1) AS g FROM range(1000000) t(i)", "FORMAT csv, HEADER");
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(60));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(() => DriftReport.Compare(csv, Good, cancellationToken: source.Token), TestContext.Current.CancellationToken));
    }

    private static byte[] Compressed(string text)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(bytes, System.IO.Compression.CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return bytes.ToArray();
    }

    private static string Fail(string reference, string current) => Assert.Throws<DataException>(() => DriftReport.Compare(reference, current)).Message;

    private static ColumnDrift Single(string reference, string current) => Assert.Single(DriftReport.Compare(reference, current).Columns);
}
