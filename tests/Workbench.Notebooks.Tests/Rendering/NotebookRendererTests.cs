using System.Text.Json.Nodes;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Rendering;

namespace Workbench.Notebooks.Tests.Rendering;

public sealed class NotebookRendererTests
{
    private const string Attack = "<script>parent.document.title='stolen';document.title='stolen'</script><img src=x onerror=\"parent.document.title='stolen'\"><b>shown</b>";

    [Fact]
    public void Render_HostileHtml_StaysInASandboxedFrame()
    {
        var page = NotebookRenderer.Render(Hostile());

        Assert.DoesNotContain("<script>parent", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img src=x", page, StringComparison.Ordinal);
        Assert.Contains("sandbox=\"allow-scripts\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("allow-same-origin", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"javascript:", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        Assert.DoesNotContain("'unsafe-inline'; script", page.Replace("style-src 'unsafe-inline'", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Render_RunMetadata_StandsOnTop()
    {
        var document = Hostile();
        document.Metadata["papermill"] = JsonNode.Parse("""{"start_time":"2025-04-08T01:02:03.000000+00:00","duration":12.34,"parameters":{"months":12},"exception":null}""");
        var page = NotebookRenderer.Render(document);

        Assert.Contains("<th scope=\"row\">months</th><td><strong>12</strong></td>", page, StringComparison.Ordinal);
        Assert.Contains(" · 12.3 s · ", page, StringComparison.Ordinal);
        Assert.Contains(NotebookHash.Of(document).Value, page, StringComparison.Ordinal);
        Assert.Contains("System.Exception: no &lt;b&gt;", page, StringComparison.Ordinal);
        Assert.Equal(page, NotebookRenderer.Render(document));
    }

    [Fact]
    public void Render_WithoutFigures_CarriesNoPlotly()
    {
        var document = NotebookDocument.Create();
        document.Cells.Add(NotebookCell.Markdown("m", "# One\n## Two\n## Three"));

        var page = NotebookRenderer.Render(document);

        Assert.InRange(page.Length, 1, 25_000);
        Assert.Single(page.Split("One</h1>")[1..]); // the title stands once
        Assert.Contains("<li class=\"l1\"><a href=\"#heading-1\">Two</a></li>", page, StringComparison.Ordinal);
    }

    private static NotebookDocument Hostile()
    {
        var document = NotebookDocument.Create();
        document.Cells.Add(NotebookCell.Markdown("m", "# Report\n" + Attack + "\n\n[a](javascript:alert(1)) [b](JaVa\tscript:alert(1)) <javascript:alert(1)> ![i](http://127.0.0.1:1/x.png)\n\n## Next"));
        var cell = NotebookCell.Code("c", "display(x); // </pre><script>", "step:<x>");
        cell.Outputs.Add(Data("text/html", Attack));
        cell.Outputs.Add(Data("text/markdown", Attack));
        cell.Outputs.Add(Data("image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'><script>parent.document.title='stolen'</script></svg>"));
        cell.Outputs.Add(Data("application/vnd.plotly.v1+json", JsonNode.Parse("""{"data":[{"type":"bar","x":["</script><script>document.title='stolen'</script>"],"y":[1]}],"layout":{"title":{"text":"<img src=x onerror=alert(1)>"}}}""")));
        cell.Outputs.Add(new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = Attack });
        cell.Outputs.Add(new JsonObject { ["output_type"] = "error", ["ename"] = "System.Exception", ["evalue"] = "no <b>", ["traceback"] = new JsonArray("\u001b[31m" + Attack) });
        document.Cells.Add(cell);
        return document;
    }

    private static JsonObject Data(string type, JsonNode? content) =>
        new() { ["output_type"] = "display_data", ["data"] = new JsonObject { [type] = content }, ["metadata"] = new JsonObject() };
}
