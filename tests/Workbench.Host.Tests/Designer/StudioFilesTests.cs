using System.IO.Compression;
using System.Net;
using System.Text;

namespace Workbench.Host.Tests.Designer;

public sealed class StudioFilesTests
{
    private const string Script = "console.log('loader')";

    [Fact]
    public async Task Get_CompressedFile_IsSentAsTheBrowserTakesIt()
    {
        await using var host = await StartAsync();
        using var plain = await GetAsync(host, "/studio/_framework/blazor.webassembly.js");
        Assert.Empty(plain.Content.Headers.ContentEncoding);
        Assert.Equal(Script, await plain.Content.ReadAsStringAsync());
        using var compressed = await GetAsync(host, "/studio/_framework/blazor.webassembly.js", "gzip, br");
        Assert.Equal(["br"], compressed.Content.Headers.ContentEncoding);
        Assert.Contains("Accept-Encoding", compressed.Headers.Vary);
        await using var unpacked = new BrotliStream(await compressed.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        Assert.Equal(Script, await new StreamReader(unpacked).ReadToEndAsync());
    }

    [Theory]
    [InlineData("/studio/_framework/blazor.webassembly.js", "no-cache")]
    [InlineData("/studio/_framework/blazor.webassembly.js?v=3.8.2", "public, max-age=31536000, immutable")]
    [InlineData("/studio/_framework/dotnet.native.rw4kynp763.wasm", "public, max-age=31536000, immutable")]
    public async Task Get_File_IsCachedAsLongAsItsAddressIsItsContent(string path, string expected)
    {
        await using var host = await StartAsync();
        using var answer = await GetAsync(host, path);
        Assert.Equal(expected, answer.Headers.NonValidated["Cache-Control"].ToString());
        using var again = new HttpRequestMessage(HttpMethod.Get, path);
        again.Headers.TryAddWithoutValidation("If-None-Match", answer.Headers.NonValidated["ETag"].ToString());
        Assert.Equal(HttpStatusCode.NotModified, (await host.Client.SendAsync(again)).StatusCode);
    }

    [Theory]
    [InlineData("/studio/..%2f..%2fworkbench.dll")]
    [InlineData("/studio/_framework/none.js")]
    [InlineData("/studio/secret.txt")]
    public async Task Get_WhatIsNoFileOfTheDesigner_IsNotFound(string path)
    {
        await using var host = await StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(host, path)).StatusCode);
    }

    [Fact]
    public async Task Page_DeepLink_FindsItsFilesRelativeToItself()
    {
        await using var host = await StartAsync();
        using var page = await GetAsync(host, "/studio/definitions/some%20id");
        Assert.Contains("<base href=\"../\">", await page.Content.ReadAsStringAsync());
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.DoesNotContain("'unsafe-eval'", policy);
        Assert.DoesNotContain("http", policy);
    }

    private static async Task<DesignerHost> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("studio-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "_framework"));
        Compress(Path.Combine(folder, "_framework", "blazor.webassembly.js.br"), Script);
        Compress(Path.Combine(folder, "_framework", "dotnet.native.rw4kynp763.wasm.br"), "wasm");
        return await DesignerHost.StartAsync(folder);
    }

    private static void Compress(string path, string text)
    {
        using var packed = new BrotliStream(File.Create(path), CompressionMode.Compress);
        packed.Write(Encoding.UTF8.GetBytes(text));
    }

    private static async Task<HttpResponseMessage> GetAsync(DesignerHost host, string path, string? encodings = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (encodings is not null)
            request.Headers.TryAddWithoutValidation("Accept-Encoding", encodings);
        return await host.Client.SendAsync(request);
    }
}
