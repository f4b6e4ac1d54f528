namespace Workbench.Host.Pages;

/// <summary>Small pages that need neither circuit nor theme: plain HTML from the executable with a few places to fill.</summary>
internal static class PageFile
{
    /// <summary>Sends a page; <paramref name="values"/> stand in the HTML as they are, so that whoever calls encodes them.</summary>
    public static async Task SendAsync(HttpContext context, string name, string root, params (string Place, string Html)[] values)
    {
        await using var stream = typeof(PageFile).Assembly.GetManifestResourceStream($"Pages/{name}") ?? throw new InvalidOperationException($"The page '{name}' is not part of this build.");
        using var reader = new StreamReader(stream);
        var page = (await reader.ReadToEndAsync(context.RequestAborted))
            .Replace("{root}", root).Replace("{style}", PageAssets.Address(PageAssets.Style)).Replace("{script}", PageAssets.Address(PageAssets.SignInScript));
        foreach (var (place, html) in values)
            page = page.Replace($"{{{place}}}", html);
        PageEndpoints.Protect(context.Response);
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(page, context.RequestAborted);
    }
}
