using Workbench.Notebooks.Format;

namespace Workbench.Notebooks.Tests.Format;

public sealed class CellLanguageTests
{
    [Theory]
    [InlineData("""{"polyglot_notebook":{"kernelName":"sql"},"dotnet_interactive":{"language":"csharp"}}""", "SELECT 1", "sql", "#!sql\nSELECT 1")]
    [InlineData("""{"dotnet_interactive":{"language":"fsharp"},"vscode":{"languageId":"polyglot-notebook"}}""", "1", "fsharp", "#!fsharp\n1")]
    [InlineData("""{"dotnet_interactive":{"language":"F#"}}""", "1", "fsharp", "#!fsharp\n1")]
    [InlineData("""{"vscode":{"languageId":"dotnet-interactive.fsharp"}}""", "1", "fsharp", "#!fsharp\n1")]
    [InlineData("""{"vscode":{"languageId":"polyglot-notebook"}}""", "1", "csharp", "1")]
    [InlineData("""{"polyglot_notebook":{"kernelName":"csharp"}}""", "#!sql\nSELECT 1", "sql", "#!sql\nSELECT 1")] // VS Code resets the metadata, the line is what runs
    [InlineData("""{"polyglot_notebook":{"kernelName":"fsharp"}}""", "#!fsharp \n1", "fsharp", "#!fsharp \n1")]
    [InlineData("""{"polyglot_notebook":{"kernelName":"books"}}""", "SELECT 1", "books", "#!books\nSELECT 1")] // a connection of the notebook's own
    [InlineData("""{"polyglot_notebook":{"kernelName":"javascript"}}""", "#!share --from csharp x\n1", "javascript", "#!javascript\n#!share --from csharp x\n1")]
    [InlineData("""{"polyglot_notebook":{"kernelName":"sql"}}""", "#!step a\nSELECT 1", "sql", "#!step a\n#!sql\nSELECT 1")] // #!step stays first
    [InlineData("{}", "#!sql --name x\nSELECT 1", "sql", "#!sql --name x\nSELECT 1")]
    [InlineData("""{"polyglot_notebook":7,"dotnet_interactive":[],"vscode":{"languageId":null}}""", "1", "csharp", "1")]
    public void Language_OfMetadataAndSource_IsWhatRuns(string metadata, string source, string language, string toRun)
    {
        var document = Parse("{}", metadata, source);

        Assert.Equal(language, document.Cells[0].Language(document));
        Assert.Equal(toRun, document.Cells[0].SourceToRun(document));
    }

    [Theory]
    [InlineData("""{"polyglot_notebook":{"kernelInfo":{"defaultKernelName":"fsharp"}},"kernelspec":{"language":"C#"}}""", "fsharp")]
    [InlineData("""{"dotnet_interactive":{"defaultKernelName":"pwsh"}}""", "pwsh")]
    [InlineData("""{"kernelspec":{"name":".net-fsharp","language":"F#"},"language_info":{"name":"polyglot-notebook"}}""", "fsharp")]
    [InlineData("""{"kernelspec":{"name":"python3","language":"python"}}""", "python")]
    [InlineData("""{"kernelspec":{"name":"ir","language":"R"}}""", "r")]
    [InlineData("{}", "csharp")]
    public void Language_NothingSaid_IsTheNotebooksDefault(string metadata, string expected)
    {
        var document = Parse(metadata, "{}", "1");

        Assert.Equal(expected, document.Cells[0].Language(document));
    }

    [Fact]
    public void Hash_LanguageInMetadataOrInSource_IsTheSame()
    {
        const string Sql = """{"polyglot_notebook":{"kernelName":"sql"}}""";

        Assert.Equal(NotebookHash.Of(Parse("{}", "{}", "#!sql\n1")), NotebookHash.Of(Parse("{}", Sql, "1")));
        Assert.NotEqual(NotebookHash.Of(Parse("{}", "{}", "1")), NotebookHash.Of(Parse("{}", Sql, "1")));
    }

    private static NotebookDocument Parse(string metadata, string cellMetadata, string source) => NotebookDocument.Parse(
        $$"""{"cells":[{"cell_type":"code","id":"a","metadata":{{cellMetadata}},"outputs":[],"source":{{System.Text.Json.JsonSerializer.Serialize(source)}}}],"metadata":{{metadata}},"nbformat":4,"nbformat_minor":5}""", "test");
}
