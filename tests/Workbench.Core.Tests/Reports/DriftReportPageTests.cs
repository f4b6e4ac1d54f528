using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Workbench.Drift;
using Workbench.Reports;

namespace Workbench.Core.Tests.Reports;

public sealed class DriftReportPageTests : IDisposable
{
    private static readonly string[] HostileNames =
        ["</script><img src=x onerror=alert(1)>", "\"quotes\" 'and' & <b>more</b>", "größe 列 🙂", "a#b?c%20d/e=f", "\u202Eright to left", " ", "constructor"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("workbench-drift-page-");

    public void Dispose() => _folder.Delete(true);

    [Fact]
    public void Render_ThousandColumns_IsBelowTwoMegabytesAndHoldsNoRow()
    {
        var (compared, values) = WideData.Compare(100);
        var report = compared with { Columns = Enumerable.Range(0, 10).SelectMany(i => compared.Columns.Select(column => column with { Column = $"{column.Column}_lag_{i}" })).ToList() };

        string html = DriftReportPage.Create(report).Render();

        Assert.Equal(1000, report.Columns.Count);
        Assert.InRange(Encoding.UTF8.GetByteCount(html), 200_000, 2_000_000);
        Assert.Equal(1000, Regex.Count(html, "</a><td>numeric<td>|</a><td>categorical<td>|</a><td>boolean<td>"));
        Assert.DoesNotContain("secret-", html);
        Assert.All(values, value => Assert.DoesNotContain(value, html));
        Keep(html, "wide.html");
    }

    [Fact]
    public void Render_ManyLongNewCategories_StaysBelowTwoMegabytes()
    {
        var report = Report(Enumerable.Range(0, 1000).Select(i => Column($"c{i}") with
        {
            NewCategories = Enumerable.Range(0, 100).Select(j => new CategoryShare(new string('<', 300) + j, 1, 0.001)).ToList(),
        }));

        Assert.InRange(Encoding.UTF8.GetByteCount(DriftReportPage.Create(report).Render()), 100_000, 2_000_000);
    }

    [Fact]
    public void Render_HostileNames_AreNeverMarkup()
    {
        string html = DriftReportPage.Create(Report(HostileNames.Select(Column)) with { Reference = HostileNames[0], Skipped = [new(HostileNames[0], DriftColumnKind.Id, HostileNames[0])] }).Render();

        Assert.DoesNotContain("<img", html);
        Assert.DoesNotContain("<b>", html);
        Assert.Equal(2, Regex.Count(html, "</script>")); // the figures and the script that draws them
    }

    [Fact]
    public void Create_SampleReport_SaysWhatDriftedWhenAndWhatWasLeftOut()
    {
        string html = DriftReportPage.Create(SampleReport.Drift(), new DateTimeOffset(2025, 2, 1, 0, 0, 0, TimeSpan.Zero)).Render();

        Assert.Contains("new category", html);
        Assert.Contains("2025-02-01 00:00 UTC", html);
        Assert.Contains("customer_id", html);
        Assert.DoesNotContain("c-000123", html);
        Assert.DoesNotContain("plotly", html, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Create_Everything_HasASectionOfEachAndAColumnsCourse()
    {
        string html = DriftReportPage.Create(SampleReport.Drift(SampleReport.Everything)).Render();
        Keep(html, "everything.html");

        Assert.Equal(["Result", "Over time", "Causes", "Columns", "Columns together", "Correlations", "Quality", "Not compared"], Regex.Matches(html, "<h2 id=[^>]*>(.*?)</h2>").Select(match => match.Groups[1].Value));
        Assert.Contains("<select data-field=\"role\">", html);
        Assert.Contains("<td>target<td>", html);
        Assert.Contains("price drifts since 2025-01-01", html); // all rows of the current side are dearer, from its first day on
        Assert.DoesNotContain("plotly", html, StringComparison.OrdinalIgnoreCase);
        Assert.SkipUnless(Browser.IsInstalled, Browser.Remedy);
        string document = await Browser.DumpAsync(Save(html), TestContext.Current.CancellationToken, "#column=price");
        Assert.Contains("psi: 20 of 20 chunks beyond the limits", document);
        Assert.Equal(20, Regex.Count(document[..document.IndexOf("wasserstein: ", StringComparison.Ordinal)], "class=\"dot alarm\""));
    }

    [Fact]
    public async Task Render_InChromium_EveryHostileColumnHasItsView()
    {
        Assert.SkipUnless(Browser.IsInstalled, Browser.Remedy);
        string file = Save(DriftReportPage.Create(Report(HostileNames.Select(Column))).Render());

        foreach (string name in HostileNames)
        {
            string document = await Browser.DumpAsync(file, TestContext.Current.CancellationToken, "#column=" + Uri.EscapeDataString(name));
            Assert.Equal(name, WebUtility.HtmlDecode(Regex.Match(document, "<h2 id=\"drift-column-name\"[^>]*>(.*?)</h2>").Groups[1].Value));
        }
    }

    [Fact]
    public async Task Render_InChromium_TextShowsItsNewWords()
    {
        Assert.SkipUnless(Browser.IsInstalled, Browser.Remedy);
        var column = Column("review") with
        {
            Kind = DriftColumnKind.Text,
            Text = new()
            {
                NewWordShare = 0.2, ExpectedNewWordShare = 0.01, Sentence = "The word <refund> is new.", NewWords = [new("<refund>", 0, 25, 0, 0.25, 80)], Languages = [new("English", 1, 0.75)],
            },
        };

        string document = await Browser.DumpAsync(Save(DriftReportPage.Create(Report([column])).Render()), TestContext.Current.CancellationToken, "#column=review");

        Assert.Contains("<p>The word &lt;refund&gt; is new.</p>", document);
        Assert.Matches("<h3>New words</h3>.*?<td class=\"wrap\">&lt;refund&gt;</td><td class=\"number\">0 %</td><td class=\"number\">25.0 %</td>", document);
        Assert.Matches("<h3>Languages</h3>.*?English</td><td class=\"number\">100.0 %</td><td class=\"number\">75.0 %</td>", document);
    }

    [Fact]
    public async Task Render_InChromium_SortsFiltersAndGoesBack()
    {
        Assert.SkipUnless(Browser.IsInstalled, Browser.Remedy);
        var report = Report([Column("b") with { NullShareCurrent = 0.5 }, Column("a10") with { NullShareCurrent = 0.7 }, Column("a9") with { IsDrift = true, Reason = "psi 3 ≥ 0.2" }]);

        string document = await Browser.DumpAsync(Save(WithScript(DriftReportPage.Create(report).Render(), """
            const said = [];
            const names = () => [...document.querySelectorAll('#drift-columns tbody tr')].filter(row => !row.hidden).map(row => row.cells[0].textContent).join(' ');
            const head = text => [...document.querySelectorAll('button.sort')].find(button => button.textContent === text);
            const seen = () => document.getElementById('drift-column').hidden ? 'table' : document.getElementById('drift-column-name').textContent;
            const then = action => new Promise(done => { addEventListener('hashchange', () => setTimeout(done), { once: true }); action(); });
            (async () => {
              said.push(names());
              head('Column').click(); said.push(names());
              head('NULL, current').click(); said.push(names(), head('NULL, current').parentElement.getAttribute('aria-sort'));
              const field = document.querySelector('[data-field=name]');
              field.value = 'A'; field.dispatchEvent(new Event('input')); said.push(names(), document.querySelector('[role=status]').textContent);
              await then(() => document.querySelector('#drift-columns a').click()); said.push(seen());
              await then(() => [...document.querySelectorAll('.steps a')].at(-1).click()); said.push(seen(), document.title);
              await then(() => history.back()); said.push(seen());
              await then(() => history.back()); said.push(seen());
              document.body.dataset.said = said.join('|');
            })();
            """)), TestContext.Current.CancellationToken);

        Assert.Equal(
            "a9 b a10|a9 a10 b|a10 b a9|descending|a10 a9|2 of 3 columns|a10|a9|a9 · Data drift|a10|table",
            WebUtility.HtmlDecode(Regex.Match(document, "data-said=\"(.*?)\"").Groups[1].Value));
    }

    [Fact]
    public void Fill_TwiceInOnePage_SaysSo()
    {
        var page = new HtmlReport("Two");
        DriftReportPage.Fill(page, Report([Column("a")]));

        var failure = Assert.Throws<InvalidOperationException>(() => DriftReportPage.Fill(page, Report([Column("a")])));

        Assert.Contains("already", failure.Message);
    }

    // A further script, allowed by its hash as the page's own is.
    private static string WithScript(string html, string script) => html
        .Replace("script-src ", $"script-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}' ", StringComparison.Ordinal)
        .Replace("</body>", $"<script>{script}</script></body>", StringComparison.Ordinal);

    private string Save(string html)
    {
        string file = Path.Combine(_folder.FullName, "drift.html");
        File.WriteAllText(file, html);
        return file;
    }

    private static void Keep(string html, string name)
    {
        if (Environment.GetEnvironmentVariable("WORKBENCH_KEEP_PICTURES") is { Length: > 0 } kept)
            File.WriteAllText(Path.Combine(kept, name), html);
    }

    private static DriftReport Report(IEnumerable<ColumnDrift> columns) => new()
    {
        Reference = "reference", Current = "current", ReferenceRows = 10, CurrentRows = 10, Columns = columns.ToList(), Correction = PValueCorrection.None,
    };

    private static ColumnDrift Column(string name) => new()
    {
        Column = name, Kind = DriftColumnKind.Categorical, Tests = [], IsDrift = false, NullShareReference = 0, NullShareCurrent = 0, Note = name,
        Bins = new() { Categories = [name, "other"], ReferenceShares = [0.5, 0.5], CurrentShares = [0.25, 0.75] },
        NewCategories = [new(name, 1, 0.1)],
    };
}
