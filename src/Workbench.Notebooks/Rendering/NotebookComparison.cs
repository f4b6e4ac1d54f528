using System.Net;
using System.Text;
using Workbench.Notebooks.Format;

namespace Workbench.Notebooks.Rendering;

/// <summary>
/// Renders two runs of a notebook beside each other on one page, as safe and as free of a network as <see cref="NotebookRenderer"/>'s:
/// figures with their difference, parameters, environment, changed code as a diff, changed outputs in two columns. What is equal is folded.
/// </summary>
public static class NotebookComparison
{
    /// <summary>The page. The same notebooks and options give the same text.</summary>
    /// <param name="left">Run A, what is known.</param>
    /// <param name="right">Run B, what is compared with it.</param>
    /// <param name="options">Names and title; null takes the defaults.</param>
    public static string Render(NotebookDocument left, NotebookDocument right, ComparisonOptions? options = null)
    {
        options ??= new ComparisonOptions();
        var page = new ReportPage(options.Title ?? $"{right.Title ?? "Notebook"}: two runs");
        var cells = new ComparedCells(left, right, page);
        var main = string.Concat(CellAlignment.Of(left, right).Select(pair => cells.Render(pair.Left, pair.Right)));
        return page.Render(Header(left, right, page.Title, options, cells), cells.Headings, main);
    }

    private static string Header(NotebookDocument left, NotebookDocument right, string title, ComparisonOptions options, ComparedCells cells)
    {
        RunSummary a = new(left), b = new(right);
        var html = new StringBuilder($"<h1>{WebUtility.HtmlEncode(title)}</h1>")
            .Append($"<p class=\"state\">A {SummaryRenderer.Badge(a.State)} {WebUtility.HtmlEncode(options.LeftName)}<br>B {SummaryRenderer.Badge(b.State)} {WebUtility.HtmlEncode(options.RightName)}</p>");
        if (NotebookHash.Of(left) != NotebookHash.Of(right))
            html.Append("<p class=\"remark\">The code of the two notebooks differs: a difference between the runs can come from the code. Changed cells show how.</p>");
        if (a.Failures.Count > 0)
            html.Append($"<p class=\"side\">A</p>{SummaryRenderer.Failures(a, ComparedCells.LeftAnchor)}");
        if (b.Failures.Count > 0)
            html.Append($"<p class=\"side\">B</p>{SummaryRenderer.Failures(b, ComparedCells.RightAnchor)}");
        html.Append(ComparisonTables.Figures(left, right)).Append(ComparisonTables.Parameters(a, b)).Append(ComparisonTables.Runs(a, b));
        return html.Append(Differing(cells.Differing)).ToString();
    }

    private static string Differing(IReadOnlyList<(string Anchor, string Label)> cells) => cells.Count == 0
        ? "<p class=\"state\">All cells are equal, and so are their outputs.</p>"
        : $"<p class=\"state\">Cells that differ: {string.Join(" ", cells.Select(cell => $"<a href=\"#{cell.Anchor}\">{WebUtility.HtmlEncode(cell.Label)}</a>"))}</p>";
}
