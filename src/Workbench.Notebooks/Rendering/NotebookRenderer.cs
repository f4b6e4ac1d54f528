using System.Net;
using System.Security.Cryptography;
using System.Text;
using Workbench.Charts;
using Workbench.Notebooks.Format;

namespace Workbench.Notebooks.Rendering;

/// <summary>
/// Renders a notebook as one HTML page for a reviewer: self-contained, offline, and safe to open. HTML that a cell
/// produced is shown only inside a sandboxed frame, and the page's content security policy lets no script run but its own.
/// </summary>
public static class NotebookRenderer
{
    /// <summary>The page. The same notebook and options give the same text.</summary>
    /// <param name="document">An executed notebook, or one without outputs.</param>
    /// <param name="options">Title and folding; null takes the defaults.</param>
    public static string Render(NotebookDocument document, RenderOptions? options = null)
    {
        options ??= new RenderOptions();
        var title = options.Title ?? document.Title ?? "Notebook";
        var body = new CellRenderer(options, title);
        foreach (var cell in document.Cells)
            body.Append(cell);
        var scripts = body.HasFigures ? new[] { PlotlyScript.Read(), PageAssets.Script } : [PageAssets.Script];
        return $"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{Policy([.. scripts, PageAssets.FrameScript])}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{WebUtility.HtmlEncode(title)}</title>
            <style>{PageAssets.Style}</style></head><body>
            <header><h1>{WebUtility.HtmlEncode(title)}</h1>{SummaryRenderer.Render(document)}</header>
            {Contents(body.Headings)}
            <main>{body.Html}</main>
            {string.Concat(scripts.Select(script => $"<script>{script}</script>"))}
            </body></html>

            """;
    }

    // Scripts are allowed by hash, here and in the frames, which inherit the policy: what a cell wrote never runs.
    private static string Policy(string[] scripts)
    {
        var hashes = scripts.Select(script => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}'");
        return $"default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; font-src data:; frame-src 'self'; form-action 'none'; base-uri 'none'; script-src {string.Join(' ', hashes)}";
    }

    private static string Contents(IReadOnlyList<(int Level, string Id, string Text)> headings)
    {
        if (headings.Count < 2)
            return "";
        var items = headings.Select(heading => $"<li class=\"l{heading.Level}\"><a href=\"#{heading.Id}\">{WebUtility.HtmlEncode(heading.Text)}</a></li>");
        return $"<nav aria-label=\"Contents\"><ul>{string.Concat(items)}</ul></nav>";
    }
}
