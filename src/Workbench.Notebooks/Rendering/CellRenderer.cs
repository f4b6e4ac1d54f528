using System.Globalization;
using System.Net;
using System.Text;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Kernel.Languages;

namespace Workbench.Notebooks.Rendering;

/// <summary>Renders cells one after another, and remembers headings and figures on the way.</summary>
internal sealed class CellRenderer(RenderOptions options, string title)
{
    private readonly StringBuilder _html = new();
    private readonly OutputRenderer _outputs = new();
    private readonly MarkdownRenderer _markdown = new(title);

    public string Html => _html.ToString();

    public bool HasFigures => _outputs.HasFigures;

    public IReadOnlyList<(int Level, string Id, string Text)> Headings => _markdown.Headings;

    public void Append(NotebookCell cell)
    {
        if (cell.HasTag(CellTags.ErrorMarker))
            return; // the summary and the cell itself say it
        switch (cell.Type)
        {
            case CellType.Markdown:
                _html.Append($"<section class=\"markdown\" id=\"cell-{WebUtility.HtmlEncode(cell.Id)}\">{_markdown.Render(cell.Source, cell.Json["attachments"])}</section>");
                break;
            case CellType.Code:
                AppendCode(cell);
                break;
            default:
                _html.Append($"<section><pre>{WebUtility.HtmlEncode(cell.Source)}</pre></section>");
                break;
        }
    }

    private void AppendCode(NotebookCell cell)
    {
        if (string.IsNullOrWhiteSpace(cell.Source) && cell.Outputs.Count == 0)
            return;
        var failed = cell.Outputs.Any(output => output?["output_type"]?.ToString() == "error");
        var count = cell.ExecutionCount?.ToString(CultureInfo.InvariantCulture) ?? " ";
        _html.Append($"<section class=\"code{(failed ? " failed" : "")}\" id=\"cell-{WebUtility.HtmlEncode(cell.Id)}\">");
        _html.Append($"<details{(options.ShowCode || failed ? " open" : "")}><summary><code>[{count}]</code> {Label(cell)}</summary><pre class=\"source\">{WebUtility.HtmlEncode(cell.Source)}</pre></details>");
        foreach (var output in cell.Outputs)
            if (output is not null)
                _html.Append(_outputs.Render(output, _markdown));
        _html.Append("</section>");
    }

    private static string Label(NotebookCell cell)
    {
        var tags = string.Concat(cell.Tags.Select(tag => $" <span class=\"tag\">{WebUtility.HtmlEncode(tag)}</span>"));
        var first = cell.Source.Split('\n').FirstOrDefault(line => line.Trim().Length > 0 && !line.StartsWith($"#!{LanguageNames.StepMagic}", StringComparison.Ordinal))?.Trim() ?? "";
        return $"<span class=\"first\">{WebUtility.HtmlEncode(first)}</span>{tags}";
    }
}
