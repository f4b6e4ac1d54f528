using System.Security.Cryptography;
using System.Text;

namespace Workbench.Host.Designer;

/// <summary>
/// The pages around Elsa's designer. Their addresses are relative to one another, so that they work below any path; nothing
/// on them comes from outside.
/// </summary>
internal static class StudioPages
{
    // WebAssembly must be compiled. The designer's editor and its list of runs each bring one inline script, their hotkeys,
    // known by its hash. MudBlazor and Monaco set styles on elements; Monaco's fonts and cursors are data, its workers blobs.
    private const string Policy =
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' 'sha256-snlP1jz0gjwc5cTz9ErZcliXuCK63+Mmf68RRCeptgc=' 'sha256-vu6sQrKXQHR4Yn3FMMihA/9TxxfIXnCxKwvLrTPJ5ts='; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; " +
        "connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";
    private static readonly string Stamp = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Read("studio.js") + Read("studio.css"))))[..12];

    public static void MapStudio(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/studio", (HttpContext context) => Results.Redirect((context.Request.Path.Value!.EndsWith('/') ? "" : "studio/") + "definitions"));
        foreach (var view in (string[])["definitions", "instances"])
        {
            endpoints.MapGet($"/studio/{view}", (HttpContext context, StudioFiles files) => SendPageAsync(context, files, "./"));
            endpoints.MapGet($"/studio/{view}/{{id}}", (HttpContext context, StudioFiles files) => SendPageAsync(context, files, "../"));
        }
        endpoints.MapGet("/studio/studio.js", context => SendAsync(context, Read("studio.js"), "text/javascript; charset=utf-8"));
        endpoints.MapGet("/studio/studio.css", context => SendAsync(context, Read("studio.css"), "text/css; charset=utf-8"));
        // The designer asks for its settings here; the page tells them.
        endpoints.MapGet("/studio/appsettings.json", () => Results.Json(new { }));
        endpoints.MapGet("/studio/{**file}", async (string file, HttpContext context, StudioFiles files) =>
        {
            if (!await files.TrySendAsync(context, file))
                context.Response.StatusCode = StatusCodes.Status404NotFound;
        });
    }

    private static Task SendPageAsync(HttpContext context, StudioFiles files, string toStudio) => SendAsync(
        context, Read(files.ArePresent ? "studio.html" : "missing.html").Replace("{base}", toStudio).Replace("{version}", StudioFiles.Version).Replace("{stamp}", Stamp), "text/html; charset=utf-8");

    private static Task SendAsync(HttpContext context, string content, string contentType)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = context.Request.Query.ContainsKey("v") ? "public, max-age=31536000, immutable" : "no-cache";
        context.Response.ContentType = contentType;
        return context.Response.WriteAsync(content, context.RequestAborted);
    }

    private static string Read(string name)
    {
        using var stream = typeof(StudioPages).Assembly.GetManifestResourceStream($"Designer/{name}") ?? throw new InvalidOperationException($"The page '{name}' is not part of this build.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
