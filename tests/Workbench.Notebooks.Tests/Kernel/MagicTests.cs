namespace Workbench.Notebooks.Tests.Kernel;

/// <summary>Magics and the exchange of values between languages, on the real kernel.</summary>
[Collection("kernel")]
public sealed class MagicTests(KernelFixture kernel) : IDisposable
{
    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("int set1 = 5;", "#!set --name set2 --value @csharp:set1\nset2 + 1", "6")]
    [InlineData("", "#!set --name text1 --value \"two words\"\ntext1", "two words")]
    [InlineData("", "#!set --name number1 --value 2.5\nnumber1 * 2", "5")]
    [InlineData("", "#!set --name flag1 --value true\n!flag1", "False")]
    [InlineData("", "#!set --name json1 --value {\"a\": [1, 2]}\njson1[\"a\"].AsArray().Count", "2")]
    [InlineData("#!sql\nCREATE OR REPLACE TABLE shared1 AS FROM range(7)", "#!share shared1 --from sql --as frame1\nframe1.Rows.Count", "7")]
    [InlineData("#!value --name value1\nline one\nline two", "#!share --from value value1\nvalue1", "line one\nline two")]
    [InlineData("#!value --name value2 --from-value abc", "#!set --name copy2 --value @value:value2\ncopy2", "abc")]
    [InlineData("var hidden = new[] { new { A = 1 } };", "#!set --name seen --value @csharp:hidden\nseen.GetType().IsArray", "True")]
    [InlineData("var lazy = Enumerable.Range(0, 3).Where(i => i > 0);", "#!set --name lazy2 --value @csharp:lazy\nlazy2.Count()", "2")]
    public async Task Values_BetweenLanguages_Arrive(string first, string second, string expected)
    {
        if (first.Length > 0)
            Assert.True((await kernel.RunAsync(first)).Reply.IsOk);
        var run = await kernel.RunAsync(second);

        Assert.True(run.Reply.IsOk, run.Traceback);
        Assert.Equal(expected, run.Result);
    }

    [Theory]
    [InlineData("#!set --name x", "needs --value")]
    [InlineData("#!set --value 1", "needs --name")]
    [InlineData("#!set --name class --value 1", "no name for a C# variable")]
    [InlineData("#!set --name x --valeu 1", "Did you mean 'value'?")]
    [InlineData("#!share x", "needs --from")]
    [InlineData("#!share x --from sqll", "Did you mean 'sql'?")]
    [InlineData("#!share nowhere --from csharp", "no variable 'nowhere'")]
    [InlineData("#!share x --from markdown", "has no variables")]
    [InlineData("#!markdown\n#!who", "has no variables")]
    [InlineData("#!value --from-value a", "needs --name")]
    [InlineData("#!value --name a --from-value b\nc", "one place")]
    [InlineData("#!value --name a --from-file /nowhere/x", "/nowhere/x")]
    [InlineData("#!import", "one path")]
    [InlineData("#!import nowhere.ipynb", "there is no file")]
    [InlineData("#!connect mssql --kernel-name x", "Known: duckdb, jupyter")]
    [InlineData("#!connect duckdb --kernel-name time --connection-string x", "taken")]
    [InlineData("#!kql\nT", "'#!kql' is not supported")]
    [InlineData("#!tiem", "Did you mean '#!time'?")]
    [InlineData("#!sql --nam x\nSELECT 1", "Did you mean 'name'?")]
    [InlineData("#!sql --name x\nCREATE OR REPLACE TABLE nothing1 (a INTEGER)", "nothing to name")]
    public async Task Magic_WrongUse_SaysWhatIsAllowed(string code, string expected)
    {
        var run = await kernel.RunAsync(code);

        Assert.False(run.Reply.IsOk);
        Assert.Contains(expected, run.Reply.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Time_Cell_ShowsItsTimeLast()
    {
        var run = await kernel.RunAsync("#!time\nawait Task.Delay(20);\nConsole.WriteLine(1);");

        Assert.Matches(@"^Wall time: \d+\.\d ms$", run.Data("display_data", "text/plain"));
    }

    [Fact]
    public async Task Who_Variables_AreListedWithTypesAndValues()
    {
        await kernel.RunAsync("int whoNumber = 12; string whoText = null;");

        Assert.Contains("whoNumber\n", (await kernel.RunAsync("#!who")).Data("display_data", "text/plain"), StringComparison.Ordinal);
        var html = (await kernel.RunAsync("#!whos")).Data("display_data", "text/html"); // rows behind the first page travel as JSON
        Assert.Matches("""whoNumber(</td>\s*<td[^>]*>|",")System\.Int32(</td>\s*<td[^>]*>|",")12["<]""", html);
    }

    [Fact]
    public async Task LsMagic_EveryLanguageAndMagic_IsListed()
    {
        var text = (await kernel.RunAsync("#!lsmagic")).Data("display_data", "text/plain");

        Assert.All(new[] { "#!csharp", "#!sql", "#!share", "#!set", "#!import", "#!time", "#!whos", "#!step" }, magic => Assert.Contains(magic, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Import_NotebookAndScript_RunHere()
    {
        var notebook = _files.Notebook("other.ipynb", ("", "int imported = 41;"), ("", "#!sql\nCREATE OR REPLACE TABLE imported_table AS SELECT 1 AS a"), ("", "imported"));
        File.WriteAllText(_files.At("more.csx"), "imported += 1;");
        var run = await kernel.RunAsync($"#!import \"{notebook}\"\n#!import {_files.At("more.csx")}\nimported");

        Assert.True(run.Reply.IsOk, run.Traceback);
        Assert.Equal("42", run.Result);
        Assert.Equal("41", run.Data("display_data", "text/plain")); // the value of the notebook's last cell
    }

    [Fact]
    public async Task Import_OfItself_IsRefused()
    {
        File.WriteAllText(_files.At("self.csx"), $"#!import {_files.At("self.csx")}");

        Assert.Contains("imports itself", (await kernel.RunAsync($"#!import {_files.At("self.csx")}")).Reply.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sql_RecordsArraysAndDataTables_AreTables()
    {
        await kernel.RunAsync("""
            enum Level { Low, High }
            record Row(int Id, string Name, double? Score, DateTime Day, Level Level);
            var records = new[] { new Row(1, "a", 0.5, new DateTime(2025, 1, 2), Level.High), new Row(2, null, null, new DateTime(2025, 1, 3), Level.Low) };
            int[] plain = [3, 4];
            var table = new System.Data.DataTable(); table.Columns.Add("n", typeof(int)); table.Rows.Add(7); table.Rows.Add(DBNull.Value);
            """);

        Assert.Contains("3  0.5  High", Spaces((await kernel.RunAsync("#!sql\nSELECT sum(Id)::INT AS ids, sum(Score) AS score, min(level) AS level FROM Records WHERE Day < '2025-02-01'")).Result), StringComparison.Ordinal);
        Assert.Contains("7  2  1", Spaces((await kernel.RunAsync("#!sql\nSELECT (SELECT sum(value)::INT FROM plain) AS p, count(*) AS n, count(n) AS filled FROM \"table\"")).Result), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sql_ManyRowsWithoutAName_ShowsTheFirstAndSaysSo()
    {
        var run = await kernel.RunAsync("#!sql\nFROM range(20000)");

        Assert.Contains("the first 10,000", run.Stream("stderr"), StringComparison.Ordinal);
        await kernel.RunAsync("#!sql --name all_rows\nFROM range(20000)");
        Assert.Equal("20000", (await kernel.RunAsync("all_rows.Rows.Count")).Result);
    }

    [Fact]
    public async Task Connect_DuckDbFile_IsALanguage()
    {
        await kernel.RunAsync($"#!connect duckdb --kernel-name mine --connection-string \"Data Source={_files.At("x.duckdb")}\"");
        await kernel.RunAsync("#!mine\nCREATE TABLE kept AS SELECT 42 AS answer");
        var run = await kernel.RunAsync("#!mine --name fromFile\nFROM kept\n#!csharp\nfromFile[\"answer\"][0]");

        Assert.Equal("42", run.Result);
        Assert.True(File.Exists(_files.At("x.duckdb")));
    }

    [Fact]
    public async Task Parts_OfSeveralLanguages_ShowTheirValuesInOrder()
    {
        var run = await kernel.RunAsync("1 + 1\n#!sql\nSELECT 5 AS five\n#!markdown\n**bold**\n#!csharp\n\"last\"");

        Assert.Equal(["2", "five\n   5\n1 row × 1 column", "**bold**"], run.Messages.Where(message => message.Type == "display_data").Select(message => message.Content["data"]!["text/plain"]!.ToString()));
        Assert.Equal("last", run.Result);
    }

    [Fact]
    public async Task MagicInAString_IsText() => Assert.Equal("#!sql", (await kernel.RunAsync("var query = \"\"\"\n#!sql\n\"\"\";\nquery")).Result);

    private static string Spaces(string text) => System.Text.RegularExpressions.Regex.Replace(text, " {2,}", "  ");
}
