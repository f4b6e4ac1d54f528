using System.IO.Compression;
using Workbench.Data;
using Workbench.Core.Tests.Registry;

namespace Workbench.Core.Tests.Data;

public sealed class TableFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DuckSession _session = DuckSession.Open();

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    private string Parquet(string name, string select)
    {
        string path = Path.Combine(_folder.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _session.Execute($"COPY ({select}) TO {DuckSession.Literal(path)} (FORMAT parquet)");
        return path;
    }

    private DataException Refused(string path, string[]? columns = null, string[]? numeric = null) =>
        Assert.Throws<DataException>(() => TableFile.Open(_session, path, columns, numeric));

    [Fact]
    public void Open_MissingFile_SuggestsTheNearestInTheFolder()
    {
        _folder.Write("churn-2024.csv", "a\n1\n");
        var failure = Refused(Path.Combine(_folder.Path, "churn-2042.csv"));
        Assert.Contains("Did you mean 'churn-2024.csv'", failure.Message);
    }

    [Fact]
    public void Open_MissingFolderOrNoMatch_SaysWhat()
    {
        Assert.Contains("does not exist", Refused(Path.Combine(_folder.Path, "no", "x.csv")).Message);
        _folder.Write("readme.txt", "x");
        Assert.Contains("readme.txt", Refused(Path.Combine(_folder.Path, "*.parquet")).Message);
    }

    [Fact]
    public void Open_EmptyFile_NamesIt()
    {
        string path = _folder.Write("empty.csv", "");
        var failure = Refused(path);
        Assert.Equal(path, failure.Origin);
        Assert.Contains("empty (0 bytes)", failure.Message);
    }

    [Fact]
    public void Open_HeaderLacksColumn_ListsHeaderAndNearest()
    {
        var failure = Refused(_folder.Write("a.csv", "id,prise,plan\n1,2,x\n"), numeric: ["price"]);
        Assert.Equal("price", failure.Column);
        Assert.Contains("lacks column 'price'. Did you mean 'prise'?", failure.Message);
        Assert.Contains("id, prise, plan", failure.Message);
    }

    [Fact]
    public void Open_TextInNumericColumn_NamesFileLineColumnAndValue()
    {
        string path = _folder.Write("a.csv", "id,price\na,1.5\nb,\nc,cheap\nd,9\n");
        var failure = Refused(path, numeric: ["price"]);
        Assert.Equal((path, 4L, "price", "cheap"), (failure.Origin, failure.Line, failure.Column, failure.Value));
        Assert.Contains($"'{path}', line 4: column 'price' holds 'cheap'", failure.Message);
    }

    [Fact]
    public void Open_TextAfterManyGoodRows_IsStillFound()
    {
        // More rows than DuckDB's sniffer looks at by itself (20,480).
        string rows = string.Concat(Enumerable.Range(0, 50_000).Select(i => $"r{i},{i}.5\n"));
        var failure = Refused(_folder.Write("big.csv", $"id,price\n{rows}bad,abc\n"), numeric: ["price"]);
        Assert.Equal((50_002L, "abc"), (failure.Line, failure.Value));
    }

    [Fact]
    public void Open_QuotedFieldWithLineBreak_CountsPhysicalLines() =>
        Assert.Equal(5, Refused(_folder.Write("a.csv", "id,price\nx,1\n\"two\nlines\",2\nz,abc\n"), numeric: ["price"]).Line);

    [Fact]
    public void Open_CompressedCsv_IsChecked()
    {
        string path = Path.Combine(_folder.Path, "a.csv.gz");
        using (var stream = new GZipStream(File.Create(path), CompressionLevel.Fastest))
            stream.Write("id,price\na,1\nb,x\n"u8);
        Assert.Equal(3, Refused(path, numeric: ["price"]).Line);
    }

    [Theory]
    [InlineData("id,price,n\na,1,2\nb,3\n", 3)]
    [InlineData("id,price,n\na,1,2\nb,3,4,5\n", 3)]
    public void Open_RaggedRow_NamesLine(string text, long line) => Assert.Equal(line, Refused(_folder.Write("a.csv", text)).Line);

    [Fact]
    public void Open_EmptyFirstLine_IsNoHeader() => Assert.Equal(1, Refused(_folder.Write("a.csv", "\nid,price\na,1\n")).Line);

    [Fact]
    public void Open_GoodCsv_ReadsTypesNullsAndOtherDelimiters()
    {
        var table = TableFile.Open(_session, _folder.Write("a.csv", "\uFEFFid;price;day\na;1.5;2024-01-02\nb;;2024-01-03\n"), ["id"], ["PRICE"]);
        Assert.Equal([new("id", "VARCHAR"), new("price", "DOUBLE"), new("day", "DATE")], table.Columns);
        Assert.Equal((2L, 1.5), Assert.Single(_session.Query<(long, double)>($"SELECT count(*), sum(price) FROM {table.Relation}")));
    }

    [Fact]
    public void Open_SeveralCsvFiles_WidensTypesAndNamesTheBadFile()
    {
        _folder.Write("m/1.csv", "id,price,code\na,1,7\n");
        _folder.Write("m/2.csv", "code,id,price\nx,b,2.5\n");
        var table = TableFile.Open(_session, Path.Combine(_folder.Path, "m"), numeric: ["price"]);
        Assert.Equal(["7", "x"], _session.Query<string>($"SELECT code FROM {table.Relation} ORDER BY id"));
        string bad = _folder.Write("m/3.csv", "price,id,code\nzero,c,9\n");
        Assert.Equal(bad, Refused(Path.Combine(_folder.Path, "m", "*.csv"), numeric: ["price"]).Origin);
    }

    [Fact]
    public void Open_CsvFilesWithOtherColumns_NamesFileAndColumn()
    {
        _folder.Write("m/1.csv", "id,price\na,1\n");
        string other = _folder.Write("m/2.csv", "price,id,extra\n2,b,x\n");
        var failure = Refused(Path.Combine(_folder.Path, "m"));
        Assert.Equal((other, "extra"), (failure.Origin, failure.Column));
    }

    [Fact]
    public void Open_ParquetTextColumnAsNumber_NamesFileColumnAndType()
    {
        Parquet("p/1.parquet", "SELECT 1 AS id, 2.5 AS price");
        string bad = Parquet("p/2.parquet", "SELECT 1 AS id, 'x' AS price");
        var failure = Refused(Path.Combine(_folder.Path, "p"), numeric: ["price"]);
        Assert.Equal((bad, "price", "VARCHAR"), (failure.Origin, failure.Column, failure.Value));
    }

    [Fact]
    public void Open_ParquetLacksColumnInOneFile_NamesThatFile()
    {
        Parquet("p/1.parquet", "SELECT 1 AS id, 2.5 AS price");
        string bad = Parquet("p/2.parquet", "SELECT 1 AS id");
        Assert.Equal(bad, Refused(Path.Combine(_folder.Path, "p"), numeric: ["price"]).Origin);
    }

    [Fact]
    public void Open_DamagedParquet_NamesIt()
    {
        string path = _folder.Write("bad.parquet", "this is no parquet file at all");
        var failure = Refused(path);
        Assert.Equal(path, failure.Origin);
        Assert.Contains("no readable Parquet", failure.Message);
    }

    [Fact]
    public void Open_Folder_SortsFilesAndSkipsTemporaryOnes()
    {
        string second = Parquet("p/b/2.parquet", "SELECT 2 AS id, 'new' AS extra"), first = Parquet("p/a/1.parquet", "SELECT 1 AS id");
        _folder.Write("p/.3.parquet", "half written");
        var table = TableFile.Open(_session, Path.Combine(_folder.Path, "p"), ["id"]);
        Assert.Equal([first, second], table.Files);
        Assert.Equal([(1, null), (2, "new")], _session.Query<(int, string?)>($"SELECT id, extra FROM {table.Relation} ORDER BY id"));
    }
}
