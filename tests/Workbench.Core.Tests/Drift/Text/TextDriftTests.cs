using DuckDB.NET.Data;
using Workbench.Data;
using Workbench.Drift;

namespace Workbench.Core.Tests.Drift.Text;

/// <summary>Text columns in whole reports: the chat sample, whose second year has eight words of slang that the first lacks, and small tables.</summary>
public sealed class TextDriftTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("workbench-text-");

    public void Dispose() => _folder.Delete(true);

    [Fact]
    public void Compare_ChatYears_NamesTheSlang()
    {
        var report = DriftReport.Compare(Chat("a", "TRUE"), Chat("b", "TRUE"));

        var column = Assert.Single(report.Columns);
        var text = column.Text!;
        Assert.Equal((DriftColumnKind.Text, true), (column.Kind, column.IsDrift));
        // data/samples/README.md lists them.
        Assert.Superset(new HashSet<string> { "zingy", "flumpy", "glowed", "snazzle", "vibed", "yonked", "bloop", "crispo" }, text.NewWords.Select(word => word.Word).ToHashSet());
        Assert.All(text.NewWords, word => Assert.Equal((0, true), (word.ReferenceRows, word.CurrentRows >= 3)));
        Assert.All(text.VanishedWords, word => Assert.Equal((true, 0), (word.ReferenceRows >= 3, word.CurrentRows)));
        Assert.Contains("letter", text.VanishedWords.Concat(text.MovedWords).Select(word => word.Word));
        Assert.True(text.NewWordShare > text.ExpectedNewWordShare + 0.02);
        Assert.True(column.Tests.Single(test => test.Test == "text-classifier").IsDrift);
        Assert.False(column.Tests.Single(test => test.Test == "language").IsDrift);
        Assert.Contains("bloop", text.Sentence);
        Assert.Equal(report.ToJson(), DriftReport.Parse(report.ToJson()).ToJson());
        Assert.True(report.ToFigures().Count >= 4);
    }

    [Fact]
    public void Compare_HalvesOfOneYear_DoNotDrift()
    {
        var column = Assert.Single(DriftReport.Compare(Chat("a", "i % 2 = 0"), Chat("a", "i % 2 = 1")).Columns);

        Assert.False(column.IsDrift, column.Reason);
        Assert.InRange(column.Tests.Single(test => test.Test == "text-classifier").Statistic, 0.45, 0.55);
    }

    [Fact]
    public void Compare_NewWordOfTwoRows_IsCountedButNotTold()
    {
        // A word of two rows may name a person: it counts in the share, and stands nowhere in the report.
        string reference = Text("a", Enumerable.Range(0, 300).Select(i => $"message number {Letters(i % 7)} about the weather today"));
        string current = Text("b", Enumerable.Range(0, 300).Select(i => $"message number {Letters(i % 7)} about the {(i < 2 ? "mrs-xanthippe" : i < 50 ? "zeppelin" : "weather")} today"));

        var report = DriftReport.Compare(reference, current, new DriftOptions().Kind("message", DriftColumnKind.Text));

        Assert.Equal(["zeppelin"], report.Columns[0].Text!.NewWords.Select(word => word.Word));
        Assert.DoesNotContain("xanthippe", report.ToJson());
        Assert.DoesNotContain("message number", report.ToJson());
    }

    [Fact]
    public void Compare_LanguageArrives_DriftsAndIsSaid()
    {
        string[] english = ["the parcel was late and we are not happy", "is there a way to change my order"], german = ["das Paket ist nicht da und ich warte noch", "wo ist die Rechnung und wie kann ich sie ändern"];
        string reference = Text("a", Enumerable.Range(0, 400).Select(i => english[i % 2]));
        string current = Text("b", Enumerable.Range(0, 400).Select(i => i % 4 == 0 ? german[i / 4 % 2] : english[i % 2]));

        var column = DriftReport.Compare(reference, current, new DriftOptions().Kind("message", DriftColumnKind.Text)).Columns[0];

        var test = column.Tests.Single(one => one.Test == "language");
        Assert.Equal((0.25, true), (test.Statistic, test.IsDrift));
        Assert.Contains("German texts went from 0 % to 25 %", column.Text!.Sentence);
        // Function words of a language that comes are no news beside the language itself.
        Assert.DoesNotContain("und", column.Text.NewWords.Select(word => word.Word));
    }

    [Fact]
    public void Compare_Tokenizer_CountsTokensPerWord()
    {
        string reference = Text("a", Enumerable.Range(0, 200).Select(i => "aa bb cc dd " + new string('x', 1 + i % 3))), current = Text("b", Enumerable.Range(0, 200).Select(i => "aaaa bbbb cccc dddd " + new string('x', 1 + i % 3)));

        // A token is two characters.
        var column = DriftReport.Compare(reference, current, new DriftOptions { Text = new() { Tokenizer = text => text.Split(' ').Sum(word => (word.Length + 1) / 2) } }.Kind("message", DriftColumnKind.Text)).Columns[0];

        Assert.True(column.Tests.Single(test => test.Test == "tokens-per-word").IsDrift);
        var tokens = column.Text!.Lengths.Single(length => length.Name == "tokens a word");
        Assert.Equal(1.07, tokens.ReferenceMean, 0.01); // 4 words of one token, one of 1, 1 or 2, over 5: (67 · 1 + 67 · 1 + 66 · 1.2) / 200
        Assert.Equal(1.87, tokens.CurrentMean, 0.01);
    }

    [Theory]
    [InlineData("'user ' || (i * 7919)", DriftColumnKind.Id)]
    [InlineData("md5(i::VARCHAR)", DriftColumnKind.Id)]
    [InlineData("'/srv/data/of/customer/' || i || '.txt'", DriftColumnKind.Id)]
    [InlineData("'2024-01-01 10:00 ' || i", DriftColumnKind.Id)]
    public void Compare_NamesOfRows_StayIds(string sql, DriftColumnKind expected)
    {
        string file = Write("ids", $"SELECT {sql} AS label, i AS x FROM range(500) t(i)");

        Assert.Equal([("label", expected)], DriftReport.Compare(file, file).Skipped.Select(column => (column.Column, column.Kind)));
    }

    [Fact]
    public void Compare_FewDifferentSentences_StayCategories()
    {
        string file = Write("few", "SELECT 'sentence with words number ' || (i % 20) AS answer FROM range(500) t(i)");

        Assert.Equal(DriftColumnKind.Categorical, DriftReport.Compare(file, file).Columns[0].Kind);
    }

    [Fact]
    public void Compare_OddTexts_GiveResults()
    {
        string some = Write("some", "SELECT if(i % 3 = 0, NULL, if(i % 3 = 1, '', '!!! 123')) AS message FROM range(90) t(i)"), none = Write("none", "SELECT NULL::VARCHAR AS message FROM range(5)");
        var options = new DriftOptions().Kind("message", DriftColumnKind.Text);

        var empty = DriftReport.Compare(some, some, options).Columns[0];

        Assert.False(empty.IsDrift, empty.Reason);
        Assert.Equal(1 / 3.0, empty.NullShareReference, 1e-12);
        Assert.Equal("the reference has 60 texts, the current rows have none", DriftReport.Compare(some, none, options).Columns[0].Reason);
        Assert.Equal("Neither side has a text.", DriftReport.Compare(none, none, options).Columns[0].Note);
    }

    [Fact]
    public void Compare_TextTestOfANumber_NamesThoseThatFit()
    {
        string file = Write("a", "SELECT i AS x FROM range(100) t(i)");

        var failure = Assert.Throws<DataException>(() => DriftReport.Compare(file, file, new DriftOptions().Test("x", DriftTests.TextClassifier())));

        Assert.Contains("'text-classifier' of column 'x' does not compare numeric columns", failure.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => DriftTests.TextClassifier(0.5));
    }

    private static string Letters(int i) => "abcdefg"[i].ToString();

    private string Chat(string year, string where)
    {
        string sample = Path.Combine(RepositoryRoot(), "data", "samples", "chat", $"year-{year}.txt");
        return Write($"{year}{where.Length}{where[^1]}", $"SELECT message FROM (SELECT unnest(string_split(rtrim(content, chr(10)), chr(10))) AS message, generate_subscripts(string_split(rtrim(content, chr(10)), chr(10)), 1) AS i FROM read_text('{sample}')) WHERE {where}");
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Workbench.sln")))
            folder = folder.Parent!; // the tests run inside the repository
        return folder.FullName;
    }

    private string Text(string name, IEnumerable<string> messages)
    {
        string path = Path.Combine(_folder.FullName, name + ".csv");
        File.WriteAllLines(path, ["message", .. messages.Select(message => $"\"{message}\"")]);
        return path;
    }

    private string Write(string name, string sql)
    {
        string path = Path.Combine(_folder.FullName, name + ".parquet");
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"COPY ({sql}) TO '{path}' (FORMAT parquet)";
        command.ExecuteNonQuery();
        return path;
    }
}
