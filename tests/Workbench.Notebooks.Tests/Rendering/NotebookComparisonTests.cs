using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Rendering;

namespace Workbench.Notebooks.Tests.Rendering;

public sealed class NotebookComparisonTests : IDisposable
{
    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Render_TwoRuns_ShowsFiguresWithTheirDifference()
    {
        var page = NotebookComparison.Render(Run(7, 0.8, "same"), Run(8, 0.9, "same"));

        // 0.9 - 0.8 = 0.1, which is 12.50 % of 0.8.
        Assert.Contains("accuracy</th><td class=\"number\">0.8</td><td class=\"number\">0.9</td><td class=\"number\">+0.1</td><td class=\"number\">+12.50 %</td>", page.Replace("\u00a0", " ", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("<tr class=\"changed\"><th scope=\"row\">seed</th><td>7</td><td>8</td></tr>", page, StringComparison.Ordinal);
        Assert.Contains("Output, the same in A and B", page, StringComparison.Ordinal);
        Assert.DoesNotContain("The code of the two notebooks differs", page, StringComparison.Ordinal);
        Assert.Equal(1, Regex.Count(page, Regex.Escape("plotly.js v2.28.0")));
    }

    [Fact]
    public void Render_ChangedCode_WarnsAndShowsTheLines()
    {

        var (a, b) = (Run(7, 0.8, "x"), Run(7, 0.8, "x"));
        b.Cells[0].Source = "first\nchanged <b>\nlast";

        var page = NotebookComparison.Render(a, b);

        Assert.Contains("The code of the two notebooks differs", page, StringComparison.Ordinal);
        Assert.Contains("  first\n<del>- old</del><ins>+ changed &lt;b&gt;</ins>  last\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Render_TwoRuns_DrawsBothChartsBesideEachOther()
    {
        ReportBrowser.SkipWithout();
        var cancellationToken = TestContext.Current.CancellationToken;
        File.WriteAllText(_files.At("page.html"), NotebookComparison.Render(Run(7, 0.8, "x"), Run(8, 0.9, "x")));

        await using var browser = await ReportBrowser.OpenAsync(_files.At("page.html"), cancellationToken);
        await browser.UntilAsync("document.querySelectorAll('.pair .plot-container').length === 2", cancellationToken);

        var tops = (await browser.EvaluateAsync("[...document.querySelectorAll('.pair .plot-container')].map(chart => Math.round(chart.getBoundingClientRect().top)).join()", cancellationToken)).Split(',');
        Assert.Equal(tops[0], tops[1]);
    }

    [Fact]
    public void Align_IdsThenSources_KeepsTheOrder()
    {
        var (a, b) = (Cells(("1", "a"), ("2", "gone"), ("3", "c")), Cells(("1", "A"), ("9", "c"), ("8", "new")));

        var pairs = CellAlignment.Of(a, b).Select(pair => $"{pair.Left?.Id}-{pair.Right?.Id}");

        Assert.Equal(["1-1", "2-", "3-9", "-8"], pairs);
    }

    [Fact]
    public void Diff_RandomTexts_GivesBothBack()
    {
        var random = new Random(5);
        for (int round = 0; round < 200; round++)
        {
            string a = Text(random), b = Text(random);
            var lines = LineDiff.Of(a, b);
            Assert.Equal(a, string.Join('\n', lines.Where(line => line.Mark != '+').Select(line => line.Line)));
            Assert.Equal(b, string.Join('\n', lines.Where(line => line.Mark != '-').Select(line => line.Line)));
        }
    }

    private static string Text(Random random) => string.Join('\n', Enumerable.Range(0, random.Next(8)).Select(_ => "abc"[random.Next(3)]));

    private static NotebookDocument Cells(params (string Id, string Source)[] cells)
    {
        var document = NotebookDocument.Create();
        foreach (var (id, source) in cells)
            document.Cells.Add(NotebookCell.Code(id, source));
        return document;
    }

    private static NotebookDocument Run(int seed, double accuracy, string text)
    {
        var document = Cells(("code", "first\nold\nlast"), ("figures", "figures"), ("chart", "chart"));
        document.Metadata["papermill"] = new JsonObject { ["parameters"] = new JsonObject { ["seed"] = seed }, ["duration"] = 2.5 };
        document.Cells[0].Outputs.Add(new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = text });
        Add(document.Cells[1], KeyFigures.MimeType, new JsonObject { ["accuracy"] = accuracy });
        Add(document.Cells[2], "application/vnd.plotly.v1+json", new JsonObject { ["data"] = new JsonArray(new JsonObject { ["y"] = new JsonArray(1, accuracy) }), ["layout"] = new JsonObject() });
        return document;
    }

    private static void Add(NotebookCell cell, string type, JsonNode content) =>
        cell.Outputs.Add(new JsonObject { ["output_type"] = "display_data", ["data"] = new JsonObject { [type] = content }, ["metadata"] = new JsonObject() });
}
