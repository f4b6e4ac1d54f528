using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Notebooks.Format;

namespace Workbench.Notebooks.Tests.Format;

public sealed class NotebookDocumentTests : IDisposable
{
    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Save_UnknownMetadata_Survives()
    {
        const string Json = """
            {"cells":[{"cell_type":"code","execution_count":3,"id":"a","metadata":{"polyglot_notebook":{"kernelName":"sql"},"tags":["x"]},
             "outputs":[{"output_type":"stream","name":"stdout","text":["a\n","b"]}],"source":["line 1\n","line 2"],"future":7}],
             "metadata":{"vendor":{"deep":[1,2]}},"nbformat":4,"nbformat_minor":5,"extra":true}
            """;
        NotebookDocument.Parse(Json, "test").Save(_files.At("n.ipynb"));

        var saved = JsonNode.Parse(File.ReadAllText(_files.At("n.ipynb")));

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Json), saved), saved?.ToJsonString());
        Assert.Single(Directory.GetFiles(_files.Folder)); // no temporary file is left
    }

    [Fact]
    public void Parse_Format44WithoutIds_GetsDistinctStableIds()
    {
        const string Json = """{"cells":[{"cell_type":"markdown","metadata":{},"source":"same"},{"cell_type":"markdown","metadata":{},"source":"same"}],"metadata":{},"nbformat":4,"nbformat_minor":2}""";

        var first = NotebookDocument.Parse(Json, "test");
        var second = NotebookDocument.Parse(Json, "test");

        Assert.Equal(first.Cells.Select(cell => cell.Id), second.Cells.Select(cell => cell.Id));
        Assert.Equal(2, first.Cells.Select(cell => cell.Id).Distinct().Count());
        Assert.Contains("\"nbformat_minor\": 5", first.ToJson(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "no notebook")]
    [InlineData("{\"cells\": [", "no notebook")]
    [InlineData("[]", "no JSON object")]
    [InlineData("{\"cells\":[],\"nbformat\":3}", "nbformat 3")]
    [InlineData("{\"nbformat\":4}", "no list 'cells'")]
    [InlineData("{\"nbformat\":4,\"cells\":[7]}", "cell 1 is no object")]
    [InlineData("{\"nbformat\":4,\"cells\":[{\"cell_type\":\"kod\",\"source\":\"\"}]}", "cell_type 'kod'")]
    [InlineData("{\"nbformat\":4,\"cells\":[{\"cell_type\":\"code\"}]}", "no 'source'")]
    public void Load_Damaged_NamesFileAndWhat(string content, string what)
    {
        File.WriteAllText(_files.At("bad.ipynb"), content);

        var failure = Assert.Throws<DataException>(() => NotebookDocument.Load(_files.At("bad.ipynb")));

        Assert.Contains("bad.ipynb", failure.Message, StringComparison.Ordinal);
        Assert.Contains(what, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_Missing_NamesFile() =>
        Assert.Contains("absent.ipynb", Assert.Throws<DataException>(() => NotebookDocument.Load(_files.At("absent.ipynb"))).Message, StringComparison.Ordinal);

    [Fact]
    public void Source_LinesAndText_RoundTrip()
    {
        foreach (var text in new[] { "", "a", "a\n", "a\n\nb", "\n" })
            Assert.Equal(text, NotebookCell.Code("x", text).Source);
    }
}
