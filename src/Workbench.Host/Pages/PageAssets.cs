using System.Collections.Frozen;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;
using Workbench.Charts;

namespace Workbench.Host.Pages;

/// <summary>
/// Scripts and styles of the pages, from the executable itself. The address of each holds the hash of its content, so that browsers
/// keep it for ever; it is compressed once, when it is first asked for. Thread-safe.
/// </summary>
internal static class PageAssets
{
    public const string Blazor = "blazor.web.js";
    public const string MudStyle = "MudBlazor.min.css";
    public const string MudScript = "MudBlazor.min.js";
    public const string Style = "pages.css";
    public const string Script = "pages.js";
    public const string Timeline = "timeline.js";
    public const string SignInScript = "sign-in.js";
    public const string Plotly = "plotly.js";
    private const string Forever = "public, max-age=31536000, immutable";

    private static readonly FrozenDictionary<string, Asset> All =
        ((string[])[Blazor, MudStyle, MudScript, Style, Script, Timeline, SignInScript, Plotly]).ToFrozenDictionary(name => name, name => new Asset(name));

    /// <summary>The asset's address, relative to the host's root.</summary>
    /// <exception cref="KeyNotFoundException">There is no such asset.</exception>
    public static string Address(string name) => $"assets/{All[name].Hash}/{name}";

    public static void MapPageAssets(this IEndpointRouteBuilder endpoints) => endpoints.MapGet("/assets/{hash}/{name}", SendAsync);

    private static async Task SendAsync(string hash, string name, HttpContext context)
    {
        if (!All.TryGetValue(name, out var asset))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        var headers = context.Response.Headers;
        var tag = new EntityTagHeaderValue($"\"{asset.Hash}\"");
        headers.ETag = tag.ToString();
        headers.XContentTypeOptions = "nosniff";
        headers.Vary = HeaderNames.AcceptEncoding;
        // A page of an older build asks for an older hash: it gets what there is, and does not keep it.
        headers.CacheControl = hash == asset.Hash ? Forever : "no-cache";
        if (context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false)))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        context.Response.ContentType = name.EndsWith(".css", StringComparison.Ordinal) ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8";
        bool takesGzip = context.Request.GetTypedHeaders().AcceptEncoding.Any(encoding => encoding.Value == "gzip" && encoding.Quality is not 0);
        if (takesGzip)
            headers.ContentEncoding = "gzip";
        var body = takesGzip ? asset.Compressed : asset.Content;
        headers.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private sealed class Asset(string name)
    {
        private readonly Lazy<byte[]> _content = new(() => Read(name));
        private readonly Lazy<string> _hash = new(() => HashOf(name));
        private readonly Lazy<byte[]> _compressed = new(() => Compress(Read(name)));

        public byte[] Content => _content.Value;
        public string Hash => _hash.Value;
        public byte[] Compressed => _compressed.Value;

        // Plotly is named by its version: hashing it would read 3.5 MB for a page without charts.
        private static string HashOf(string name) => name == Plotly
            ? PlotlyScript.Version.Replace('.', '-')
            : Convert.ToHexStringLower(SHA256.HashData(Read(name)))[..16];

        private static byte[] Read(string name)
        {
            if (name == Plotly)
                return Encoding.UTF8.GetBytes(PlotlyScript.Read());
            using var stream = typeof(PageAssets).Assembly.GetManifestResourceStream($"Pages/{name}")
                ?? throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"'{name}' is not part of this build. Build src/Workbench.Host again."));
            var memory = new MemoryStream();
            stream.CopyTo(memory);
            return memory.ToArray();
        }

        private static byte[] Compress(byte[] content)
        {
            var memory = new MemoryStream();
            using (var gzip = new GZipStream(memory, CompressionLevel.Optimal, leaveOpen: true))
                gzip.Write(content);
            return memory.ToArray();
        }
    }
}
