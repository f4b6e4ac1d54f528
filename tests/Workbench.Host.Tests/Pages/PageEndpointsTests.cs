using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;
using Workbench.Host.Tests.Designer;
using static Workbench.Host.Tests.Designer.DesignerHost;

namespace Workbench.Host.Tests.Pages;

/// <summary>Pages as they are first answered, before any script runs.</summary>
public sealed partial class PageEndpointsTests
{
    [Fact]
    public async Task Get_EveryAddressThatPagesEverHad_IsAPageWithAStrictPolicy()
    {
        await using var host = await StartAsync();
        await host.SaveAsync(Model("drawn", Activity("only", "Workbench.RunCommand", ("command", "x"))));
        foreach (var path in (string[])["/", "/models/none", "/runs/none", "/alerts/none", "/pipelines", "/pipelines/drawn", "/pipelines/drawn/diff", "/runs", "/approvals", "/alerts", "/training-runs/none", "/training-runs/none/timeline"])
        {
            using var answer = await GetAsync(host, path, accept: "text/html");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.Contains("<h1", text);
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            Assert.Contains("script-src 'self';", policy);
            Assert.DoesNotContain("http", policy);
            // No script stands in the page itself, and nothing is taken from elsewhere.
            Assert.Empty(InlineScript().Matches(text));
            Assert.Empty(Foreign().Matches(text));
        }
    }

    [Fact]
    public async Task Get_Assets_AreThereCompressedAndKeptForEver()
    {
        await using var host = await StartAsync();
        var page = await (await GetAsync(host, "/", accept: "text/html")).Content.ReadAsStringAsync();
        var addresses = Asset().Matches(page).Select(match => match.Value).Distinct().ToList();
        Assert.Equal(["blazor.web.js", "MudBlazor.min.css", "MudBlazor.min.js", "pages.css", "pages.js", "plotly.js", "timeline.js"], addresses.Select(address => address.Split('/')[^1]).Order(StringComparer.OrdinalIgnoreCase));
        foreach (var address in addresses)
        {
            using var plain = await GetAsync(host, "/" + address);
            var content = await plain.Content.ReadAsByteArrayAsync();
            Assert.True(content.Length > 1000, address);
            Assert.Equal("public, max-age=31536000, immutable", plain.Headers.NonValidated["Cache-Control"].ToString());
            using var packed = await GetAsync(host, "/" + address, encoding: "gzip");
            Assert.Equal(["gzip"], packed.Content.Headers.ContentEncoding);
            await using var unpacked = new GZipStream(await packed.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
            var memory = new MemoryStream();
            await unpacked.CopyToAsync(memory);
            Assert.Equal(content, memory.ToArray());
            using var known = await GetAsync(host, "/" + address, tag: plain.Headers.NonValidated["ETag"].ToString());
            Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
        }
    }

    [Theory]
    [InlineData("/assets/0/workbench.dll", HttpStatusCode.NotFound)]
    [InlineData("/assets/0/..%2f..%2fworkbench.db", HttpStatusCode.NotFound)]
    [InlineData("/no/such/page", HttpStatusCode.NotFound)]
    public async Task Get_WhatIsNotThere_IsNotFound(string path, HttpStatusCode expected)
    {
        await using var host = await StartAsync();
        Assert.Equal(expected, (await GetAsync(host, path, accept: "text/html")).StatusCode);
    }

    [Fact]
    public async Task Get_AssetOfAnOlderBuild_IsAnsweredButNotKept()
    {
        await using var host = await StartAsync();
        using var answer = await GetAsync(host, "/assets/0000/pages.js");
        Assert.Equal((HttpStatusCode.OK, "no-cache"), (answer.StatusCode, answer.Headers.NonValidated["Cache-Control"].ToString()));
    }

    [Fact]
    public async Task Get_Report_IsASandbox()
    {
        await using var host = await StartAsync();
        await File.WriteAllTextAsync(Path.Combine(host.Folder.Reports, "one.html"), "<script>parent.document</script>");
        using var answer = await GetAsync(host, "/reports/one.html");
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("sandbox ", policy);
        Assert.DoesNotContain("allow-same-origin", policy);
    }

    private static async Task<HttpResponseMessage> GetAsync(DesignerHost host, string path, string? accept = null, string? encoding = null, string? tag = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in new[] { ("Accept", accept), ("Accept-Encoding", encoding), ("If-None-Match", tag) })
            if (value is not null)
                request.Headers.TryAddWithoutValidation(name, value);
        return await host.Client.SendAsync(request);
    }

    [GeneratedRegex("assets/[0-9a-f-]+/[A-Za-z.-]+")]
    private static partial Regex Asset();

    [GeneratedRegex("<script(?![^>]*src=)(?![^>]*type=\"application/json\")")]
    private static partial Regex InlineScript();

    [GeneratedRegex("(src|href)=\"(https?:)?//")]
    private static partial Regex Foreign();
}
