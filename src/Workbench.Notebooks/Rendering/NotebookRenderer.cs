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
        var page = new ReportPage(options.Title ?? document.Title ?? "Notebook");
        var cells = new CellRenderer(document, page);
        var main = string.Concat(document.Cells.Select(cell => cells.Render(cell, options.ShowCode)));
        return page.Render(SummaryRenderer.Render(document, page.Title), cells.Headings, main);
    }
}
