namespace Workbench.Host.Pages;

/// <summary>The host's own pages: one shell, one script, one style sheet, from the executable itself; nothing from outside.</summary>
internal static class PageEndpoints
{
    private const string Policy = "default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

    public static void MapPages(this IEndpointRouteBuilder endpoints)
    {
        foreach (var route in (string[])["/", "/models/{name}", "/runs/{id}", "/alerts/{id}", "/pipelines", "/pipelines/{id}", "/pipelines/{id}/diff"])
            endpoints.MapGet(route, context => SendAsync(context, "index.html", "text/html; charset=utf-8"));
        endpoints.MapGet("/pages/workbench.js", context => SendAsync(context, "workbench.js", "text/javascript; charset=utf-8"));
        endpoints.MapGet("/pages/pipelines.js", context => SendAsync(context, "pipelines.js", "text/javascript; charset=utf-8"));
        endpoints.MapGet("/pages/workbench.css", context => SendAsync(context, "workbench.css", "text/css; charset=utf-8"));
    }

    private static async Task SendAsync(HttpContext context, string name, string contentType)
    {
        context.Response.ContentType = contentType;
        context.Response.Headers.ContentSecurityPolicy = Policy;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "no-cache";
        await using var page = typeof(PageEndpoints).Assembly.GetManifestResourceStream($"Pages/{name}")
            ?? throw new InvalidOperationException($"The page '{name}' is not part of this build.");
        await page.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
