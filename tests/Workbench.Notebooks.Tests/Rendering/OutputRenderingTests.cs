using System.Text.Json.Nodes;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Rendering;

namespace Workbench.Notebooks.Tests.Rendering;

public sealed class OutputRenderingTests
{
    [Fact]
    public void Render_PlotlyNetHtml_IsDrawnFromItsData()
    {
        // As Plotly.NET.Interactive 3 wrote it into notebooks of .NET Interactive.
        const string Html = """
            <div><div id="x"><!-- Plotly chart will be drawn inside this DIV --></div><script type="text/javascript">
            var renderPlotly_x = function() { var q = requirejs.config({paths:{plotly:'https://cdn.plot.ly/plotly-2.6.3.min'}}) || require; q(['plotly'], function(Plotly) {
            var data = [{"type":"scatter","x":[1,2],"y":[3,4],"name":"a]};"}]; var layout = {"title":{"text":"Old chart"}}; var config = {"responsive":true};
            Plotly.newPlot('x', data, layout, config); }); };</script></div>
            """;

        var page = Page(Output("text/html", Html));

        Assert.Contains("aria-label=\"Old chart\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<iframe class=\"output\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_PlotlyPyHtml_IsDrawnFromItsData() =>
        Assert.Contains("aria-label=\"Py chart\"", Page(Output("text/html", "<div id=\"a\"></div><script>Plotly.newPlot(  \"a\",  [{\"y\":[1,2]}],  {\"title\":{\"text\":\"Py chart\"}},  {\"responsive\": true})</script>")), StringComparison.Ordinal);

    [Fact]
    public void Render_HtmlWithScript_SaysThatItDoesNotRun() =>
        Assert.Contains("A report runs none", Page(Output("text/html", "<div>map</div><script>draw()</script>")), StringComparison.Ordinal);

    [Fact]
    public void Render_Widget_ShowsItsTextAndSaysSo()
    {
        var page = Page(new JsonObject { ["output_type"] = "display_data", ["data"] = new JsonObject { [OutputForm.WidgetView] = new JsonObject(), ["text/plain"] = "IntSlider(value=3)" } });

        Assert.Contains("IntSlider(value=3)", page, StringComparison.Ordinal);
        Assert.Contains("interactive widget", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_OnlyAnUnknownType_NamesIt() => Assert.Contains("only application/x-secret", Page(Output("application/x-secret", "x")), StringComparison.Ordinal);

    [Fact]
    public void Render_FiguresOfAllCells_StandOnTopAndTheLastCounts()
    {
        var document = NotebookDocument.Create();
        document.Cells.Add(Cell(Output(KeyFigures.MimeType, JsonNode.Parse("""{"accuracy":0.5,"rows":1234567}"""))));
        document.Cells.Add(Cell(Output(KeyFigures.MimeType, JsonNode.Parse("""{"accuracy":0.9123456789,"model":"<b>","passed":true}"""))));
        document.Cells.Add(Cell(Output("application/scrapbook.scrap.json+json", JsonNode.Parse("""{"name":"loss","data":0.25,"encoder":"json","version":1}"""))));

        var top = NotebookRenderer.Render(document).Split("<main")[0];

        Assert.Contains("<dt>accuracy</dt><dd title=\"0.9123456789\">0.912346</dd>", top, StringComparison.Ordinal);
        Assert.Contains(">1,234,567</dd>", top, StringComparison.Ordinal);
        Assert.Contains("<dt>model</dt><dd title=\"&lt;b&gt;\">&lt;b&gt;</dd>", top, StringComparison.Ordinal);
        Assert.Contains("<dt>loss</dt>", top, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_TagsOfJupyterBook_HideButNeverAFailedCell()
    {
        var document = NotebookDocument.Create();
        foreach (var tag in new[] { "remove-cell", "remove_input", "remove-output", "hide-input", "hide-output" })
        {
            var cell = NotebookCell.Code(tag, $"source_of_{tag}", tag);
            cell.Outputs.Add(Output("text/plain", $"output_of_{tag}"));
            document.Cells.Add(cell);
        }
        var failed = NotebookCell.Code("failed", "source_of_failed", "remove-cell");
        failed.Outputs.Add(new JsonObject { ["output_type"] = "error", ["ename"] = "E", ["evalue"] = "broken", ["traceback"] = new JsonArray() });
        document.Cells.Add(failed);

        var page = NotebookRenderer.Render(document, new RenderOptions { ShowCode = true });

        Assert.DoesNotContain("_of_remove-cell", page, StringComparison.Ordinal);
        Assert.DoesNotContain("source_of_remove_input", page, StringComparison.Ordinal);
        Assert.Contains("output_of_remove_input", page, StringComparison.Ordinal);
        Assert.DoesNotContain("output_of_remove-output", page, StringComparison.Ordinal);
        Assert.Matches("<details class=\"source\"><summary>[^\n]*source_of_hide-input", page);
        Assert.Matches("<details class=\"outputs\"><summary>Output</summary><pre[^>]*>output_of_hide-output", page);
        Assert.Contains("source_of_failed", page, StringComparison.Ordinal);
        Assert.Contains("keep 3 cells, or a part of them, off this page", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#!sql --name x\nSELECT 1", null, ">SQL<")]
    [InlineData("x", """{"polyglot_notebook":{"kernelName":"fsharp"}}""", ">F#<")]
    [InlineData("x", """{"dotnet_interactive":{"language":"pwsh"}}""", ">PowerShell<")]
    public void Render_CellOfAnotherLanguage_IsLabelled(string source, string? metadata, string expected)
    {
        var document = NotebookDocument.Create();
        var cell = NotebookCell.Code("c", source);
        if (metadata is not null)
            cell.Json["metadata"] = JsonNode.Parse(metadata);
        document.Cells.Add(cell);

        Assert.Contains($"<span class=\"language\"{expected}/span>", NotebookRenderer.Render(document), StringComparison.Ordinal);
    }

    [Fact]
    public void Render_Code_IsColouredAndLosesNothing()
    {
        const string Source = "// a <b>\nvar s = @\"x\"\"y\" + $\"{1}\" + 'c'; /* z */ int n = 1_000;";
        var html = CodeHighlighter.ToHtml(Source, "csharp");

        Assert.Contains("<span class=\"hc\">// a &lt;b&gt;</span>", html, StringComparison.Ordinal);
        Assert.Contains("<span class=\"hs\">@&quot;x&quot;&quot;y&quot;</span>", html, StringComparison.Ordinal);
        Assert.Contains("<span class=\"hk\">var</span>", html, StringComparison.Ordinal);
        Assert.Equal(Source, System.Net.WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Replace(html, "</?span[^>]*>", "")));
    }

    [Fact]
    public void Render_LargeNotebook_StaysUnderSixMegabytes()
    {
        var document = NotebookDocument.Create();
        for (int index = 0; index < 500; index++)
            document.Cells.Add(Cell(new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = string.Concat(Enumerable.Repeat("0123456789abcdef\n", 600)) }));

        Assert.InRange(NotebookRenderer.Render(document).Length, 5_000_000, 6_000_000);
    }

    private static JsonObject Output(string type, JsonNode? content) => new() { ["output_type"] = "display_data", ["data"] = new JsonObject { [type] = content }, ["metadata"] = new JsonObject() };

    private static NotebookCell Cell(JsonObject output)
    {
        var cell = NotebookCell.Code("c" + Guid.NewGuid().ToString("N")[..8], "x");
        cell.Outputs.Add(output);
        return cell;
    }

    private static string Page(JsonObject output)
    {
        var document = NotebookDocument.Create();
        document.Cells.Add(Cell(output));
        return NotebookRenderer.Render(document);
    }
}
