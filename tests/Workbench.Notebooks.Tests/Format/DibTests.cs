using CsCheck;
using Workbench.Data;
using Workbench.Notebooks.Format;

namespace Workbench.Notebooks.Tests.Format;

public sealed class DibTests : IDisposable
{
    // As Polyglot Notebooks saved it: JSON on one line, a blank line around each cell, a connection with options in its content.
    private const string Polyglot = """
        #!meta

        {"kernelInfo":{"defaultKernelName":"csharp","items":[{"aliases":["C#","c#"],"languageName":"C#","name":"csharp"},{"aliases":["books"],"languageName":"SQL","name":"sql-books"},{"aliases":[],"name":"value"}]}}

        #!markdown

        # Orders

        #!csharp

        #!connect duckdb --kernel-name books --connection-string "orders.db"
        var limit = 3;

        #!sql-books

        #!sql-books --name orders
        SELECT 1

        #!fsharp

        #!share --from csharp limit
        limit + 1

        #!mermaid

        graph LR
            A --> B

        """;

    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Load_Polyglot_GivesLanguagesAndSources()
    {
        var document = Load(Polyglot);

        Assert.Equal(["markdown", "csharp", "sql-books", "fsharp", "mermaid"], Languages(document));
        Assert.Equal("# Orders", document.Cells[0].Source);
        Assert.Equal("#!connect duckdb --kernel-name books --connection-string \"orders.db\"\nvar limit = 3;", document.Cells[1].Source);
        Assert.Equal("#!sql-books --name orders\nSELECT 1", document.Cells[2].Source); // names its language already
        Assert.Equal("#!fsharp\n#!share --from csharp limit\nlimit + 1", document.Cells[3].Source);
        Assert.Equal("fsharp", document.Cells[3].Metadata["polyglot_notebook"]!["kernelName"]!.ToString());
        Assert.Equal("fsharp", document.Cells[3].Metadata["dotnet_interactive"]!["language"]!.ToString());
        Assert.Equal(KernelName, document.KernelName);
        Assert.Equal(5, document.Cells.Select(cell => cell.Id).Distinct().Count());
    }

    [Theory]
    [InlineData("var x = 1;\n\nx", "csharp", "var x = 1;\n\nx")] // no line names a language
    [InlineData("#!c#\n\n\n1\n\n\n", "csharp", "1")]
    [InlineData("#!F#\r\n1\r\n2", "fsharp", "#!fsharp\n1\n2")]
    [InlineData("#!md\n# T", "markdown", "# T")]
    [InlineData("#!powershell \ndir", "pwsh", "#!pwsh\ndir")]
    [InlineData("#!js\n1", "javascript", "#!javascript\n1")]
    [InlineData("#!csharp\n#!wrong\n1", "csharp", "#!wrong\n1")] // an unknown magic is the cell's, whose run refuses it
    [InlineData("#!csharp\n#!sql --name x\nSELECT 1", "csharp", "#!sql --name x\nSELECT 1")]
    [InlineData("#!sql --name x\nSELECT 1", "csharp", "#!sql --name x\nSELECT 1")]
    [InlineData("#!csharp\n#!mydb\nSELECT 1", "csharp", "#!mydb\nSELECT 1")] // not declared in the file
    [InlineData("#!meta\n{\"kernelInfo\":{\"defaultKernelName\":\"fsharp\"}}\n#!meta\n1", "fsharp", "#!fsharp\n#!meta\n1")]
    [InlineData("#!meta\n{\"kernelInfo\":{\"defaultKernelName\":\"csharp\",\"items\":[{\"name\":\"raw\"}]}}\n#!raw\nx", "raw", "x")]
    [InlineData("#!value\n\n#!value --name x\n{}", "value", "#!value --name x\n{}")]
    [InlineData("#!csharp\nvar s = \"a\u2028b\";", "csharp", "var s = \"a\u2028b\";")] // is no line end of a notebook
    public void Load_OneCell_GivesLanguageAndSource(string text, string language, string source)
    {
        var document = Load(text);

        var cell = Assert.Single(document.Cells);
        Assert.Equal(language, cell.Language(document));
        Assert.Equal(source, cell.Source);
    }

    [Fact]
    public void Load_Empty_HasNoCells() => Assert.Empty(Load("\n\n").Cells);

    [Theory]
    [InlineData("#!meta\n\n{\"kernelInfo\":\n\n#!csharp\n1")]
    [InlineData("#!meta\n[1]\n")]
    [InlineData("#!meta")]
    public void Load_DamagedMeta_NamesFileAndLine(string text)
    {
        var failure = Assert.Throws<DataException>(() => Load(text));

        Assert.Contains("n.dib", failure.Message, StringComparison.Ordinal);
        Assert.Contains("line 1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Convert_PolyglotThereAndBack_IsTheSameText()
    {
        File.WriteAllText(_files.At("a.dib"), Polyglot);

        Assert.Empty(NotebookConverter.Convert(_files.At("a.dib"), _files.At("b.ipynb")));
        Assert.Empty(NotebookConverter.Convert(_files.At("b.ipynb"), _files.At("c.dib")));

        Assert.Equal(Polyglot, File.ReadAllText(_files.At("c.dib")));
    }

    [Fact]
    public void Convert_StepLine_IsATagInJupyter()
    {
        const string Text = "#!sql\n\n#!step load --out rows --timeout 00:10:00 --retries 2\n\nSELECT 1\n\n#!csharp\n\n#!step show --retries=1\n1\n";
        var document = Load(Text);

        Assert.Equal(["step:load"], document.Cells[0].Tags);
        Assert.Equal("#!sql\n\nSELECT 1", document.Cells[0].Source);
        Assert.Equal("""{"outputs":["rows"],"timeout":"00:10:00","retries":2}""", document.Cells[0].Metadata["workbench"]!["step"]!.ToJsonString());
        Assert.Equal("#!step show --retries=1\n1", document.Cells[1].Source); // a spelling that promotion may refuse stays as it is
        Assert.Equal(Text, ThereAndBack(Text));
    }

    [Fact]
    public void Convert_WhatADibCannotHold_IsNamed()
    {
        const string Json = """
            {"cells":[{"cell_type":"code","execution_count":1,"id":"a","metadata":{"tags":["parameters","step:x"]},"outputs":[{"output_type":"stream","name":"stdout","text":"1"}],"source":"1"},
             {"cell_type":"markdown","id":"b","metadata":{"slideshow":{"slide_type":"slide"}},"attachments":{"a.png":{"image/png":"AA=="}},"source":"![](attachment:a.png)"}],
             "metadata":{"kernelspec":{"name":"python3","language":"python","display_name":"P"},"authors":["x"]},"nbformat":4,"nbformat_minor":5}
            """;
        File.WriteAllText(_files.At("a.ipynb"), Json);

        var notes = NotebookConverter.Convert(_files.At("a.ipynb"), _files.At("b.dib"));

        Assert.Equal(["ids of all cells", "outputs of cell 1", "tag 'parameters' of cell 1", "attachments of cell 2", "metadata 'slideshow' of cell 2"], notes);
        var back = NotebookDocument.Load(_files.At("b.dib"));
        Assert.Equal("python3", back.KernelName);
        Assert.Equal("x", back.Metadata["authors"]![0]!.ToString());
        Assert.Equal(["step:x"], back.Cells[0].Tags);
        Assert.Equal("1", back.Cells[0].Source); // Python is the language of its kernel: no magic, which it would not know
    }

    [Fact]
    public void Convert_TextThatWouldFallApart_IsRefusedWithEveryLine()
    {
        var document = NotebookDocument.Create();
        document.Cells.Add(NotebookCell.Markdown("a", "Write\n#!sql\nor\n#!F#"));
        document.Save(_files.At("a.ipynb"));

        var failure = Assert.Throws<DataException>(() => NotebookConverter.Convert(_files.At("a.ipynb"), _files.At("b.dib")));

        Assert.Contains("Cell 1 (markdown): its line '#!sql'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("'#!F#'", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_files.At("b.dib")));
    }

    [Fact]
    public void Convert_CodeInTwoLanguages_BecomesTwoCells()
    {
        var path = _files.Notebook("a.ipynb", ("step:x", "var a = 1;\n#!sql\nSELECT 1"));

        NotebookConverter.Convert(path, _files.At("b.dib"));

        Assert.Equal("#!csharp\n\n#!step x\nvar a = 1;\n\n#!sql\n\n#!step x\nSELECT 1\n", File.ReadAllText(_files.At("b.dib")));
    }

    [Theory]
    [InlineData("a.ipynb", "b.ipynb", "same form")]
    [InlineData("a.dib", "a.DIB", "same form")]
    [InlineData("a.ipynb", "b.html", "neither")]
    [InlineData("absent.ipynb", "b.dib", "absent.ipynb")]
    public void Convert_WrongFiles_SaysWhich(string from, string to, string expected) =>
        Assert.Contains(expected, Assert.Throws<DataException>(() => NotebookConverter.Convert(_files.At(from), _files.At(to))).Message, StringComparison.Ordinal);

    [Fact]
    public void Save_Dib_IsRefused() =>
        Assert.Contains("holds no outputs", Assert.Throws<DataException>(() => NotebookDocument.Create().Save(_files.At("x.dib"))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("a.csx", "csharp", "1 + 1")]
    [InlineData("a.sql", "sql", "#!sql\n1 + 1")]
    [InlineData("a.md", "markdown", "1 + 1")]
    public void Load_Script_IsOneCell(string name, string language, string source)
    {
        File.WriteAllText(_files.At(name), "\n1 + 1\n");
        var document = NotebookDocument.Load(_files.At(name));

        Assert.Equal(language, Assert.Single(document.Cells).Language(document));
        Assert.Equal(source, document.Cells[0].Source);
    }

    [Fact]
    public void DibJupyterDib_AnyCells_IsTheSameText() => Cells.Sample(cells =>
    {
        var text = string.Concat(cells.Select(cell => $"#!{cell.Language}\n\n{cell.Source}{(cell.Source.Length == 0 ? "" : "\n\n")}")).TrimEnd('\n') + "\n";
        Assert.Equal(text, ThereAndBack(text));
    }, iter: 500);

    [Fact]
    public void JupyterDibJupyter_AnyCells_KeepsLanguagesSourcesTagsAndOrder() => Cells.Sample(cells =>
    {
        var document = NotebookDocument.Create();
        foreach (var (language, source) in cells)
        {
            if (language == "markdown")
            {
                document.Cells.Add(NotebookCell.Markdown("x", source));
                continue;
            }
            var cell = NotebookCell.Code("x", source);
            cell.Metadata["polyglot_notebook"] = new System.Text.Json.Nodes.JsonObject { ["kernelName"] = language };
            StepLine.Lift(cell); // the line and the tag say the same, and Jupyter's form is the tag
            document.Cells.Add(cell);
        }
        var back = DibReader.Read(DibWriter.Write(document, "test").Text, "test");

        Assert.Equal(cells.Select(cell => cell.Language), Languages(back));
        Assert.Equal(document.Cells.Select(cell => cell.SourceToRun(document)), back.Cells.Select(cell => cell.SourceToRun(back)));
        Assert.Equal(document.Cells.SelectMany(cell => cell.Tags), back.Cells.SelectMany(cell => cell.Tags));
    }, iter: 500);

    [Fact]
    public void Read_AnyText_IsStableAfterOnce() => Gen.OneOf("#!meta", "#!csharp", "#!sql", "#!sql --name x", "#!step a", "#!md", "", " ", "x", "#!what", "#!F#").Array[0, 12].Sample(lines =>
    {
        if (lines.FirstOrDefault(line => line.Length > 0) == "#!meta")
            return; // text behind it is no JSON
        var once = ThereAndBack(string.Join('\n', lines));
        Assert.Equal(once, ThereAndBack(once));
    }, iter: 1000);

    // A connection's own name is left out: it needs #!meta.
    private static readonly Gen<(string Language, string Source)[]> Cells =
        Gen.Select(
            Gen.OneOf("csharp", "fsharp", "sql", "markdown", "html", "javascript", "pwsh", "python", "value"),
            Gen.OneOf("var x = 1;", "SELECT 1", " indented", "#!share --from csharp x", "#!unknown", "# T", "", "\t", "é ☃ 𝄞", "#!step go\nx", "\"\\\"").Array[0, 4],
            (language, lines) => (language, DibReader.TrimBlankLines(string.Join('\n', lines).Split('\n')))).Array[1, 6];

    private static string KernelName => NotebookDocument.Create().KernelName!;

    private static string ThereAndBack(string text) => DibWriter.Write(NotebookDocument.Parse(DibReader.Read(text, "test").ToJson(), "test"), "test").Text;

    private static IEnumerable<string> Languages(NotebookDocument document) => document.Cells.Select(cell => cell.Language(document));

    private NotebookDocument Load(string text)
    {
        File.WriteAllText(_files.At("n.dib"), text);
        return NotebookDocument.Load(_files.At("n.dib"));
    }
}
