using System.Text.Json.Nodes;
using Markdig;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Workbench.Notebooks.Rendering;

/// <summary>Renders Markdown without raw HTML and without links that could run something.</summary>
/// <param name="title">The page's title: its first heading of that text is left out, because the page shows it above.</param>
internal sealed class MarkdownRenderer(string title)
{
    private static readonly string[] HarmlessSchemes = ["http:", "https:", "mailto:"];
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().UseAutoLinks().UseTaskLists().UseEmphasisExtras().DisableHtml().Build();

    private readonly List<(int Level, string Id, string Text)> _headings = [];
    private bool _titleSeen;

    public IReadOnlyList<(int Level, string Id, string Text)> Headings => _headings;

    public string Render(string markdown, JsonNode? attachments = null)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        foreach (var link in document.Descendants<LinkInline>())
            link.Url = SafeUrl(link, attachments);
        foreach (var link in document.Descendants<AutolinkInline>().Where(link => !link.IsEmail && !IsHarmless(link.Url)).ToList())
            link.ReplaceBy(new LiteralInline(link.Url));
        foreach (var heading in document.Descendants<HeadingBlock>().ToList())
            Remember(heading);
        return document.ToHtml(Pipeline);
    }

    private void Remember(HeadingBlock heading)
    {
        var text = string.Concat(heading.Inline?.Descendants<LiteralInline>().Select(literal => literal.Content.ToString()) ?? []);
        if (!_titleSeen && heading.Level == 1 && text == title && heading.Parent?.Remove(heading) == true)
        {
            _titleSeen = true;
            return;
        }
        var id = $"heading-{_headings.Count + 1}";
        heading.GetAttributes().Id = id;
        _headings.Add((heading.Level, id, text));
    }

    private static string SafeUrl(LinkInline link, JsonNode? attachments)
    {
        var url = link.Url ?? "";
        if (!link.IsImage)
            return IsHarmless(url) ? url : "#";
        if (url.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase))
            return url;
        return url.StartsWith("attachment:", StringComparison.Ordinal) && attachments?[url["attachment:".Length..]] is JsonObject { Count: > 0 } attachment
            ? $"data:{attachment.First().Key};base64,{attachment.First().Value}"
            : url;
    }

    // Relative links and anchors have no colon before the first slash.
    private static bool IsHarmless(string? url)
    {
        var trimmed = string.Concat((url ?? "").Where(letter => !char.IsControl(letter) && !char.IsWhiteSpace(letter)));
        return HarmlessSchemes.Any(scheme => trimmed.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) || !trimmed.Split('/', '?', '#')[0].Contains(':');
    }
}
