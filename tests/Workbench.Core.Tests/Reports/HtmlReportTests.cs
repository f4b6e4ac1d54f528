using System.Text.RegularExpressions;
using Workbench.Charts;
using Workbench.Reports;

namespace Workbench.Core.Tests.Reports;

public sealed class HtmlReportTests : IDisposable
{
    private const string Hostile = "</script><img src=x onerror=alert(1)>\"'&";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("workbench-report-");

    public void Dispose() => _folder.Delete(true);

    [Fact]
    public void Render_HostileTexts_AreNeverMarkup()
    {
        var report = new HtmlReport(Hostile, Hostile);
        report.Section(Hostile)
            .Text(Hostile).Subheading(Hostile).Code(Hostile).Status(ReportStatus.Refused, Hostile, Hostile).Cards((Hostile, Hostile))
            .Table([Hostile], [[Hostile], [ReportCell.Badge(ReportStatus.Passed, Hostile)]])
            .Timeline([new(DateTimeOffset.UnixEpoch, Hostile, Hostile)])
            .Links((Hostile, "a.html"));

        string html = report.Render();

        Assert.DoesNotContain("<img", html);
        Assert.DoesNotContain("</script>", html);
    }

    [Fact]
    public void Render_HostileFigure_CannotEndItsScript()
    {
        var report = new HtmlReport("Figure");
        report.Section("One").Figure(Chart.Bar(Hostile, Hostile, Hostile, [Hostile], [1]));

        string html = report.Render();

        // The three script elements of a report with one figure: data, plotly.js, drawing.
        Assert.Equal(3, Regex.Count(html, "</script>"));
        Assert.DoesNotContain("<img src=x", html);
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("java\tscript:alert(1)")]
    [InlineData("http://example.org")]
    [InlineData("/etc/passwd")]
    [InlineData("//example.org/x")]
    [InlineData("")]
    public void Link_ElsewhereThanBesideTheReport_IsRefused(string target)
    {
        var failure = Assert.Throws<ArgumentException>(() => ReportCell.Link("x", target));

        Assert.Contains("a path relative to the report", failure.Message);
    }

    [Fact]
    public void Links_RelativePath_IsEncoded()
    {
        var report = new HtmlReport("Links");
        report.Section("One").Links(("log", "runs/a b/log#1.txt"));

        Assert.Contains("href=\"runs/a%20b/log%231.txt\"", report.Render());
    }

    [Fact]
    public void Render_WithoutFigure_HasNoScript()
    {
        var report = new HtmlReport("Text only");
        report.Section("One").Text("words");

        string html = report.Render();

        Assert.Contains("script-src 'none'", html);
        Assert.InRange(html.Length, 1_000, 10_000);
    }

    [Fact]
    public void Render_TwoFigures_InlinePlotlyOnce()
    {
        var report = new HtmlReport("Two");
        report.Section("One").Figures([Chart.Bar("a", "x", "y", ["p"], [1]), Chart.Bar("b", "x", "y", ["p"], [2])]);

        Assert.Equal(1, Regex.Count(report.Render(), Regex.Escape("plotly.js v2.28.0")));
        Assert.Equal(report.Render(), report.Render());
    }

    [Fact]
    public void Table_RowOfWrongLength_SaysSo()
    {
        var failure = Assert.Throws<ArgumentException>(() => new HtmlReport("T").Section("One").Table(["a", "b"], [["1"]]));

        Assert.Contains("2 columns (a, b) and a row of 1 cells", failure.Message);
    }

    [Fact]
    public async Task Save_ReportWithCharts_IsDrawnByChromiumWithoutNetwork()
    {
        Assert.SkipUnless(Browser.IsInstalled, Browser.Remedy);
        string file = Path.Combine(_folder.FullName, "deep", "report.html");
        var cancellationToken = TestContext.Current.CancellationToken;

        SampleReport.Create().Save(file);
        string document = await Browser.DumpAsync(file, cancellationToken);

        Assert.Equal(SampleReport.Figures, Regex.Count(document, "class=\"plot-container plotly\""));
        // plotly.js 2.28 layers three drawings a figure: the plot, the texts above it, the pointer's label.
        Assert.Equal(3 * SampleReport.Figures, Regex.Count(document, "class=\"main-svg\""));
        Assert.Equal(["report.html"], Directory.GetFiles(Path.GetDirectoryName(file)!).Select(Path.GetFileName));
        Assert.Matches("aria-label=\"Line chart: Accuracy", document);
        string picture = Path.Combine(_folder.FullName, "report.png");
        await Browser.ScreenshotAsync(file, picture, 1200, 3600, cancellationToken);
        Assert.True(new FileInfo(picture).Length > 50_000, "The picture is nearly empty.");
        if (Environment.GetEnvironmentVariable("WORKBENCH_KEEP_PICTURES") is { Length: > 0 } kept)
        {
            File.Copy(picture, Path.Combine(kept, "report.png"), true);
            File.Copy(file, Path.Combine(kept, "report.html"), true);
        }
    }

    [Fact]
    public async Task Render_InjectedScript_IsNotRun()
    {
        Assert.SkipUnless(Browser.IsInstalled, Browser.Remedy);
        var report = new HtmlReport("Policy");
        report.Section("One").Figure(Chart.Bar("a", "x", "y", ["p"], [1]));
        string file = Path.Combine(_folder.FullName, "tampered.html");

        // Were a value ever to get through as markup, the policy still would not run it: the console reports the refusal.
        File.WriteAllText(file, report.Render().Replace("<main>", "<main><script>document.title = 'taken over'</script>"));
        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => Browser.DumpAsync(file, TestContext.Current.CancellationToken));

        Assert.Contains("Content Security Policy", refusal.Message);
    }
}
