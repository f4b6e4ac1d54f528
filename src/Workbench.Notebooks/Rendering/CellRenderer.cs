using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Workbench.Notebooks.Format;

namespace Workbench.Notebooks.Rendering;

/// <summary>Renders the cells of one notebook.</summary>
/// <param name="document">The notebook.</param>
/// <param name="page">The page that its cells stand on.</param>
/// <param name="anchor">Beginning of the ids of its cells; each notebook of a page has its own.</param>
internal sealed class CellRenderer(NotebookDocument document, ReportPage page, string anchor = "cell-")
{
    private readonly MarkdownRenderer _markdown = new(page);

    public IReadOnlyList<(int Level, string Id, string Text)> Headings => _markdown.Headings;

    /// <summary>The cell as a section; empty when there is nothing to show.</summary>
    public string Render(NotebookCell cell, bool showCode)
    {
        var failed = RunSummary.HasFailed(cell);
        var visibility = CellVisibility.Of(cell, failed);
        if (visibility.IsRemoved || cell.HasTag(CellTags.ErrorMarker)) // the summary and the failed cell itself say what the marker says
            return "";
        return cell.Type switch
        {
            CellType.Markdown => $"<section class=\"markdown\" id=\"{Anchor(cell)}\">{_markdown.Render(cell.Source, cell.Json["attachments"])}</section>",
            CellType.Code when string.IsNullOrWhiteSpace(cell.Source) && cell.Outputs.Count == 0 => "",
            CellType.Code => $"<section class=\"code{(failed ? " failed" : "")}\" id=\"{Anchor(cell)}\">{Code(cell, visibility.Source, showCode || failed)}{Folded(Outputs(cell), visibility.Outputs)}</section>",
            _ when string.IsNullOrWhiteSpace(cell.Source) => "",
            _ => $"<section class=\"raw\" id=\"{Anchor(cell)}\"><p class=\"note\">Raw cell</p><pre tabindex=\"0\">{WebUtility.HtmlEncode(cell.Source)}</pre></section>",
        };
    }

    /// <summary>The id of the cell's section.</summary>
    public string Anchor(NotebookCell cell) => WebUtility.HtmlEncode(anchor + cell.Id);

    /// <summary>The outputs alone.</summary>
    public string Outputs(NotebookCell cell)
    {
        var outputs = new OutputRenderer(page, _markdown);
        return string.Concat(OutputForm.Of(cell, CellLanguage.Of(cell, document)).Select(form => outputs.Render(form, Name(cell))));
    }

    /// <summary>The source, coloured.</summary>
    public string Source(NotebookCell cell) =>
        $"<pre class=\"source\" tabindex=\"0\" aria-label=\"Code of {Name(cell)}\">{CodeHighlighter.ToHtml(cell.Source, CellLanguage.Of(cell, document))}</pre>";

    /// <summary>Number, first line, language, tags and duration of the cell on one line.</summary>
    public string Label(NotebookCell cell)
    {
        var first = cell.Source.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0 && !line.StartsWith("#!", StringComparison.Ordinal)) ?? cell.Source.Trim();
        var language = CellLanguage.Label(CellLanguage.Of(cell, document), document) is { } name ? $" <span class=\"language\">{WebUtility.HtmlEncode(name)}</span>" : "";
        var tags = string.Concat(cell.Tags.Select(tag => $" <span class=\"tag\">{WebUtility.HtmlEncode(tag)}</span>"));
        return $"<code>[{Number(cell)}]</code>{language} <span class=\"first\">{WebUtility.HtmlEncode(first)}</span>{tags}{Duration(cell)}";
    }

    /// <summary>Its execution count, or a space when it did not run.</summary>
    public static string Number(NotebookCell cell) => cell.ExecutionCount?.ToString(CultureInfo.InvariantCulture) ?? " ";

    private static string Name(NotebookCell cell) => cell.ExecutionCount is { } count ? string.Create(CultureInfo.InvariantCulture, $"cell {count}") : "a cell that did not run";

    private string Code(NotebookCell cell, Shown shown, bool open) => shown switch
    {
        Shown.Not => "",
        Shown.Folded => $"<details class=\"source\"><summary>{Label(cell)}</summary>{Source(cell)}</details>",
        _ => $"<details class=\"source\"{(open ? " open" : "")}><summary>{Label(cell)}</summary>{Source(cell)}</details>",
    };

    private static string Folded(string outputs, Shown shown) => shown switch
    {
        Shown.Not => "",
        Shown.Folded when outputs.Length > 0 => $"<details class=\"outputs\"><summary>Output</summary>{outputs}</details>",
        _ => outputs,
    };

    private static string Duration(NotebookCell cell) =>
        cell.Metadata["papermill"]?["duration"] is JsonValue value && value.TryGetValue(out double seconds) && seconds >= 0.1 ? $" <span class=\"time\">{RunSummary.DurationText(seconds)}</span>" : "";
}
