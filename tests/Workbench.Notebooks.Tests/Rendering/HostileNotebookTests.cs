using System.Text.Json.Nodes;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Rendering;

namespace Workbench.Notebooks.Tests.Rendering;

/// <summary>Notebooks that attack their reader, in a real browser: nothing that a notebook holds may change the page.</summary>
public sealed class HostileNotebookTests : IDisposable
{
    private const string Steal = "parent.document.title='stolen';top.document.title='stolen';document.title='stolen';window.stolen=1";
    private static readonly string Attack =
        $"<script>{Steal}</script><img src=x onerror=\"{Steal}\"><svg onload=\"{Steal}\"></svg><iframe srcdoc=\"<script>{Steal}</script>\"></iframe>"
        + "<form action=\"http://127.0.0.1:9/\" target=\"_top\"><button id=go>go</button></form><a id=away target=\"_top\" href=\"data:text/html,stolen\">away</a><base href=\"http://127.0.0.1:9/\"><b>shown</b>";

    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Render_HostileNotebook_ChangesNothingInChromium()
    {
        ReportBrowser.SkipWithout();
        var cancellationToken = TestContext.Current.CancellationToken;
        File.WriteAllText(_files.At("page.html"), NotebookRenderer.Render(Hostile(), new RenderOptions { Title = "</title><script>document.title='stolen'</script>" }));

        await using var browser = await ReportBrowser.OpenAsync(_files.At("page.html"), cancellationToken);
        await browser.UntilAsync("document.querySelector('.main-svg') && [...document.querySelectorAll('iframe.output')].every(frame => frame.style.height)", cancellationToken);

        Assert.Equal("</title><script>document.title='stolen'</script>", await browser.EvaluateAsync("document.title", cancellationToken));
        Assert.Equal("undefined", await browser.EvaluateAsync("typeof window.stolen", cancellationToken));
        Assert.StartsWith("file:", await browser.EvaluateAsync("location.href", cancellationToken), StringComparison.Ordinal);
        Assert.Equal("0", await browser.EvaluateAsync("document.querySelectorAll('main img[onerror], main form, main base, main a[href^=\"javascript\" i], main iframe:not(.output)').length", cancellationToken));
        Assert.Equal("true", await browser.EvaluateAsync("[...document.querySelectorAll('iframe')].every(frame => frame.getAttribute('sandbox') === 'allow-scripts' && frame.contentDocument === null)", cancellationToken));
    }

    [Fact]
    public async Task Render_MetaRefreshInAFrame_DoesNotLeaveTheFrame()
    {
        ReportBrowser.SkipWithout();
        var cancellationToken = TestContext.Current.CancellationToken;
        var document = NotebookDocument.Create();
        File.WriteAllText(_files.At("evil.html"), "<script>parent.postMessage({height: 555}, '*')</script>");
        document.Cells.Add(Cell("text/html", $"<meta http-equiv=refresh content=\"0;url={new Uri(_files.At("evil.html")).AbsoluteUri}\"><p>one</p>"));
        document.Cells.Add(Cell("text/html", "<p>two</p>"));
        File.WriteAllText(_files.At("page.html"), NotebookRenderer.Render(document));

        await using var browser = await ReportBrowser.OpenAsync(_files.At("page.html"), cancellationToken);
        await browser.UntilAsync("[...document.querySelectorAll('iframe.output')].every(frame => frame.style.height)", cancellationToken);
        await Task.Delay(1000, cancellationToken); // time for a refresh to do harm

        Assert.DoesNotContain("555px", await browser.EvaluateAsync("[...document.querySelectorAll('iframe')].map(frame => frame.style.height).join()", cancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Render_Diagrams_AreDrawnAsImagesAndRunNothing()
    {
        ReportBrowser.SkipWithout();
        Assert.SkipUnless(MermaidScript.IsHere, "this build has no mermaid.js; install npm and build again.");
        var cancellationToken = TestContext.Current.CancellationToken;
        var document = NotebookDocument.Create();
        document.Cells.Add(NotebookCell.Markdown("m", "# Diagrams\n```mermaid\ngraph LR\n A[\"<img src=x onerror=parent.document.title='stolen'>\"] --> B\n click A \"javascript:document.title='stolen'\"\n```"));
        document.Cells.Add(Cell(OutputForm.Mermaid, $"%%{{init: {{\"securityLevel\": \"loose\", \"htmlLabels\": true}}}}%%\ngraph LR\n C[\"<script>{Steal}</script>\"] --> D\n click C call alert()"));
        document.Cells.Add(Cell(OutputForm.Mermaid, "this is no diagram </pre><script>document.title='stolen'</script>"));
        File.WriteAllText(_files.At("page.html"), NotebookRenderer.Render(document));

        await using var browser = await ReportBrowser.OpenAsync(_files.At("page.html"), cancellationToken);
        await browser.UntilAsync("document.querySelectorAll('figure.diagram img').length + document.querySelectorAll('figure.diagram figcaption').length === 3", cancellationToken);

        Assert.Equal("2", await browser.EvaluateAsync("[...document.querySelectorAll('figure.diagram img')].filter(image => image.complete && image.naturalWidth > 0 && image.src.startsWith('data:image/svg+xml')).length", cancellationToken));
        Assert.Contains("could not be drawn", await browser.EvaluateAsync("document.querySelector('figure.diagram figcaption').textContent", cancellationToken), StringComparison.Ordinal);
        Assert.Contains("this is no diagram", await browser.EvaluateAsync("document.body.innerText", cancellationToken), StringComparison.Ordinal);
        Assert.Equal("Diagrams", await browser.EvaluateAsync("document.title", cancellationToken));
        Assert.Equal("0", await browser.EvaluateAsync("document.querySelectorAll('main svg').length", cancellationToken));
    }

    private static NotebookDocument Hostile()
    {
        var document = NotebookDocument.Create();
        document.Metadata["papermill"] = new JsonObject { ["parameters"] = new JsonObject { [Attack] = Attack }, ["start_time"] = Attack };
        document.Metadata["workbench"] = new JsonObject { ["run"] = new JsonObject { [Attack] = Attack } };
        var text = NotebookCell.Markdown("m\"><script>document.title='stolen'</script>", $"{Attack}\n\n[a](javascript:alert(1)) ![p](attachment:p.png) $x${Attack}");
        text.Json["attachments"] = new JsonObject { ["p.png"] = new JsonObject { ["text/html\"onerror=\"document.title='stolen'"] = "PHNjcmlwdD4=" } };
        document.Cells.Add(text);
        foreach (var type in new[] { "text/html", "text/markdown", "text/latex", "text/plain", "application/javascript", "image/svg+xml", "image/png", "application/json" })
            document.Cells.Add(Cell(type, Attack));
        document.Cells.Add(Cell("text/html", "<!-- <textarea><plaintext>" + Attack));
        document.Cells.Add(Cell(KeyFigures.MimeType, new JsonObject { [Attack] = Attack }));
        document.Cells.Add(Cell("application/vnd.plotly.v1+json", JsonNode.Parse("""
            {"data":[{"type":"bar","x":["</script><script>document.title='stolen'</script>"],"y":[1],"text":["<a href=\"javascript:document.title='stolen'\">x</a>"]}],
             "layout":{"title":{"text":"<img src=x onerror=document.title='stolen'>"},"images":[{"source":"http://127.0.0.1:9/x.png"}]},"config":{"plotlyServerURL":"http://127.0.0.1:9","showEditInChartStudio":true}}
            """)));
        var stream = Cell("text/plain", "x");
        stream.Outputs.Add(new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = "\u001b[38;2;1;2;3\"><script>m" + Attack });
        stream.Outputs.Add(new JsonObject { ["output_type"] = "error", ["ename"] = Attack, ["evalue"] = Attack, ["traceback"] = new JsonArray("\u001b[31m" + Attack) });
        document.Cells.Add(stream);
        return document;
    }

    private static NotebookCell Cell(string type, JsonNode? content)
    {
        var cell = NotebookCell.Code("c" + Guid.NewGuid().ToString("N")[..8], $"// {Attack}", "step:<b>");
        cell.Outputs.Add(new JsonObject { ["output_type"] = "display_data", ["data"] = new JsonObject { [type] = content }, ["metadata"] = new JsonObject() });
        return cell;
    }
}
