using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Charts;

namespace Workbench.Notebooks.Rendering;

/// <summary>
/// A page for reviewers, and what its parts share: plotly.js and Mermaid are in it once, and only when something needs them.
/// Scripts are allowed by hash, here and in the frames, which inherit the policy: what a notebook wrote never runs.
/// </summary>
internal sealed class ReportPage(string title)
{
    private int _figures;
    private int _headings;
    private bool _hasDiagrams;

    public string Title => title;

    public string NextHeading() => string.Create(CultureInfo.InvariantCulture, $"heading-{++_headings}");

    /// <summary>A chart, drawn by plotly.js when the page is opened.</summary>
    /// <param name="figure">A plotly.js figure. Its configuration is not taken over: some of it sends data to a server.</param>
    /// <param name="description">What it shows, in words, when the figure has no title.</param>
    public string Figure(JsonObject figure, string description)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"figure-{++_figures}");
        var drawn = new JsonObject { ["data"] = figure["data"]?.DeepClone(), ["layout"] = figure["layout"]?.DeepClone(), ["frames"] = figure["frames"]?.DeepClone() };
        var label = (figure["layout"]?["meta"] as JsonObject)?["description"]?.ToString() ?? FigureTitle(figure) ?? description;
        // JSON inside a script element of another type is data; the default encoder escapes <, so it cannot end the element.
        return $"<figure><div class=\"chart\" data-figure=\"{id}\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode(label)}\"></div></figure><script type=\"application/json\" id=\"{id}\">{JsonSerializer.Serialize(drawn)}</script>";
    }

    /// <summary>A Mermaid diagram: its source, which the page replaces by a picture.</summary>
    public string Diagram(string source)
    {
        _hasDiagrams |= MermaidScript.IsHere;
        var remark = MermaidScript.IsHere ? "" : "<figcaption>This build draws no Mermaid diagrams, so their source stands here. Build Workbench where npm is installed to have them drawn.</figcaption>";
        return $"<figure class=\"diagram\"><pre data-diagram tabindex=\"0\" aria-label=\"Source of a diagram\">{WebUtility.HtmlEncode(source.Trim('\n'))}</pre>{remark}</figure>";
    }

    /// <summary>The whole page.</summary>
    /// <param name="header">HTML on top.</param>
    /// <param name="headings">Headings of the contents, with the id that each leads to.</param>
    /// <param name="main">HTML of the body.</param>
    public string Render(string header, IReadOnlyList<(int Level, string Id, string Text)> headings, string main)
    {
        string[] scripts = _figures > 0 ? [PlotlyScript.Read(), PageAssets.Script] : [PageAssets.Script];
        string[] allowed = [.. scripts, PageAssets.FrameScript, .. _hasDiagrams ? new[] { PageAssets.DiagramScript, MermaidScript.Read() } : []];
        return $"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{Policy(allowed)}">
            <meta http-equiv="x-dns-prefetch-control" content="off">
            <meta name="referrer" content="no-referrer">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{WebUtility.HtmlEncode(title)}</title>
            <style>{PageAssets.Style}</style></head><body>
            <a class="skip" href="#main">To the content</a>
            <div class="page">{Contents(headings)}
            <div class="body"><header>{header}</header>
            <main id="main" tabindex="-1">{main}</main></div></div>
            {(_hasDiagrams ? Diagrams() : "")}{string.Concat(scripts.Select(script => $"<script>{script}</script>"))}
            </body></html>

            """;
    }

    /// <summary>The title that a figure carries, or null.</summary>
    public static string? FigureTitle(JsonObject figure)
    {
        var text = (figure["layout"]?["title"] is JsonObject titled ? titled["text"] : figure["layout"]?["title"])?.ToString();
        return string.IsNullOrWhiteSpace(text) ? null : WebUtility.HtmlDecode(text.Replace("<br>", " ", StringComparison.OrdinalIgnoreCase));
    }

    private static string Policy(string[] scripts)
    {
        var hashes = scripts.Select(script => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}'");
        return $"default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; font-src data:; frame-src 'none'; form-action 'none'; base-uri 'none'; script-src {string.Join(' ', hashes)}";
    }

    private static string Contents(IReadOnlyList<(int Level, string Id, string Text)> headings)
    {
        if (headings.Count < 2)
            return "";
        int top = headings.Min(heading => heading.Level);
        var items = headings.Select(heading => $"<li class=\"l{heading.Level - top + 1}\"><a href=\"#{heading.Id}\">{WebUtility.HtmlEncode(heading.Text)}</a></li>");
        return $"<nav aria-label=\"Contents\"><details open><summary>Contents</summary><ul>{string.Concat(items)}</ul></details></nav>";
    }

    // Mermaid reads what a stranger wrote: it works in a frame of its own, and the page takes nothing but pictures from it.
    private static string Diagrams() =>
        $"<iframe id=\"diagrams\" class=\"offscreen\" sandbox=\"allow-scripts\" aria-hidden=\"true\" tabindex=\"-1\" title=\"Diagrams\" srcdoc=\"{WebUtility.HtmlEncode($"<!DOCTYPE html><meta charset=utf-8><body><script>{PageAssets.DiagramScript}</script>")}\"></iframe><script type=\"text/plain\" id=\"mermaid\">{MermaidScript.Packed()}</script>";
}
