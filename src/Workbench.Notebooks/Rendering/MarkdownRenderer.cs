using System.Text.Json.Nodes;
using Markdig;
using Markdig.Helpers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Workbench.Notebooks.Format;

namespace Workbench.Notebooks.Rendering;

/// <summary>Renders Markdown without raw HTML, without links that could run something, and without pictures of other machines.</summary>
/// <param name="page">The page that it stands on. Its first heading with the page's title is left out, because the page shows it above.</param>
internal sealed class MarkdownRenderer(ReportPage page)
{
    private static readonly string[] HarmlessSchemes = ["http:", "https:", "mailto:"];
    private static readonly MarkdownPipeline Pipeline =
        new MarkdownPipelineBuilder().UsePipeTables().UseAutoLinks().UseTaskLists().UseEmphasisExtras().UseMathematics().DisableHtml().Build();

    private readonly List<(int Level, string Id, string Text)> _headings = [];
    private bool _titleSeen;

    public IReadOnlyList<(int Level, string Id, string Text)> Headings => _headings;

    /// <param name="markdown">The text.</param>
    /// <param name="attachments">Pictures of the cell, as nbformat keeps them.</param>
    public string Render(string markdown, JsonNode? attachments = null)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        foreach (var link in document.Descendants<LinkInline>().ToList())
            MakeSafe(link, attachments);
        foreach (var link in document.Descendants<AutolinkInline>().Where(link => !link.IsEmail && !IsHarmless(link.Url)).ToList())
            link.ReplaceBy(new LiteralInline(link.Url));
        foreach (var heading in document.Descendants<HeadingBlock>().ToList())
            Remember(heading);
        foreach (var block in document.Descendants<FencedCodeBlock>().Where(block => block.Info == "mermaid").ToList())
            Replace(block, page.Diagram(block.Lines.ToString()));
        return document.ToHtml(Pipeline);
    }

    private void Remember(HeadingBlock heading)
    {
        var text = string.Concat(heading.Inline?.Descendants().Select(Words) ?? []);
        if (!_titleSeen && heading.Level == 1 && text == page.Title && heading.Parent?.Remove(heading) == true)
        {
            _titleSeen = true;
            return;
        }
        var id = page.NextHeading();
        heading.GetAttributes().Id = id;
        _headings.Add((heading.Level, id, text));
    }

    private static string Words(MarkdownObject part) => part switch
    {
        LiteralInline literal => literal.Content.ToString(),
        CodeInline code => code.Content,
        HtmlEntityInline entity => entity.Transcoded.ToString(),
        _ => "",
    };

    private static void Replace(Block block, string html)
    {
        var parent = block.Parent!; // a block of a document has a parent
        parent[parent.IndexOf(block)] = new HtmlBlock(null) { Lines = new StringLineGroup(html) };
    }

    private static void MakeSafe(LinkInline link, JsonNode? attachments)
    {
        if (!link.IsImage)
        {
            link.Url = IsHarmless(link.Url) ? link.Url : "#";
            link.GetAttributes().AddProperty("rel", "noopener noreferrer");
        }
        else if (Picture(link.Url ?? "", attachments) is { } data)
        {
            link.Url = data;
        }
        else
        {
            link.ReplaceBy(new LiteralInline($"[picture that is not in the notebook: {link.Url}]"), copyChildren: false);
        }
    }

    private static string? Picture(string url, JsonNode? attachments)
    {
        if (url.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase))
            return url;
        if (!url.StartsWith("attachment:", StringComparison.Ordinal) || attachments?[Uri.UnescapeDataString(url["attachment:".Length..])] is not JsonObject attachment)
            return null;
        var type = OutputForm.ImageTypes.Append("image/svg+xml").FirstOrDefault(type => attachment[type] is not null);
        return type is null ? null : $"data:{type};base64,{string.Concat(MultilineText.Read(attachment[type]).Where(char.IsAscii).Where(letter => !char.IsWhiteSpace(letter)))}";
    }

    // Relative links and anchors have no colon before the first slash.
    private static bool IsHarmless(string? url)
    {
        var trimmed = string.Concat((url ?? "").Where(letter => !char.IsControl(letter) && !char.IsWhiteSpace(letter)));
        return HarmlessSchemes.Any(scheme => trimmed.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) || !trimmed.Split('/', '?', '#')[0].Contains(':');
    }
}
