using System.Globalization;
using System.Text;
using Workbench.Charts;

namespace Workbench.Reports;

/// <summary>A section of an <see cref="HtmlReport"/>, filled from top to bottom. Every text is shown as it is written, never as markup.</summary>
public sealed class HtmlSection
{
    private readonly StringBuilder _html = new();
    private readonly List<PlotlyFigure> _figures;

    internal HtmlSection(string heading, List<PlotlyFigure> figures)
    {
        Heading = heading;
        _figures = figures;
    }

    /// <summary>The heading, also in the table of contents.</summary>
    public string Heading { get; }

    internal string Html => _html.ToString();

    /// <summary>A paragraph.</summary>
    public HtmlSection Text(string text) => Add($"<p>{HtmlText.Encode(text)}</p>");

    /// <summary>A heading of the third level, such as a column's name.</summary>
    public HtmlSection Subheading(string text) => Add($"<h3>{HtmlText.Encode(text)}</h3>");

    /// <summary>Text of fixed width with its line breaks, such as a log or a configuration.</summary>
    public HtmlSection Code(string text) => Add($"<pre tabindex=\"0\"><code>{HtmlText.Encode(text)}</code></pre>");

    /// <summary>A coloured word and a sentence beside it.</summary>
    public HtmlSection Status(ReportStatus status, string badge, string text = "") => Add($"<p>{HtmlText.Badge(status, badge)} {HtmlText.Encode(text)}</p>");

    /// <summary>Key figures as cards: what, how much (with its unit).</summary>
    public HtmlSection Cards(params IReadOnlyList<(string Label, string Value)> cards)
    {
        Add("<dl class=\"cards\">");
        foreach (var (label, value) in cards)
            Add($"<div><dt>{HtmlText.Encode(label)}</dt><dd>{HtmlText.Encode(value)}</dd></div>");
        return Add("</dl>");
    }

    /// <summary>A table. A column is set to the right when its first cell is a number.</summary>
    /// <exception cref="ArgumentException">A row has not as many cells as there are columns.</exception>
    public HtmlSection Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<ReportCell>> rows)
    {
        var body = rows.ToList();
        if (body.Find(row => row.Count != columns.Count) is { } wrong)
            throw new ArgumentException($"The table has {columns.Count} columns ({string.Join(", ", columns)}) and a row of {wrong.Count} cells; give one cell a column.", nameof(rows));
        Add("<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"Table\"><table><thead><tr>");
        for (int i = 0; i < columns.Count; i++)
            Add($"<th scope=\"col\"{Class(body.Count > 0 && body[0][i].IsNumber)}>{HtmlText.Encode(columns[i])}</th>");
        Add("</tr></thead><tbody>");
        foreach (var row in body)
            Add($"<tr>{string.Concat(row.Select(cell => $"<td{Class(cell.IsNumber)}>{cell.Html}</td>"))}</tr>");
        return Add("</tbody></table></div>");
    }

    /// <summary>A figure, drawn when the report is opened; its description is read to those who do not see it.</summary>
    public HtmlSection Figure(PlotlyFigure figure)
    {
        _figures.Add(figure);
        int height = figure.Layout["height"]?.GetValue<int>() ?? 360;
        return Add(string.Create(
            CultureInfo.InvariantCulture,
            $"<figure><div class=\"chart\" role=\"img\" aria-label=\"{HtmlText.Encode(figure.Description)}\" data-figure=\"figure-{_figures.Count}\" data-height=\"{height}\"></div></figure>"));
    }

    /// <summary>Several figures, two beside each other where there is room.</summary>
    public HtmlSection Figures(IEnumerable<PlotlyFigure> figures)
    {
        Add("<div class=\"grid\">");
        foreach (var figure in figures)
            Figure(figure);
        return Add("</div>");
    }

    /// <summary>Events in the order given.</summary>
    public HtmlSection Timeline(IEnumerable<ReportEvent> events)
    {
        Add("<ol class=\"timeline\">");
        foreach (var one in events)
        {
            var at = one.At.ToUniversalTime();
            Add(string.Create(
                CultureInfo.InvariantCulture,
                $"<li class=\"{one.Status.ToString().ToLowerInvariant()}\"><time datetime=\"{at:yyyy-MM-ddTHH:mm:ssZ}\">{at:yyyy-MM-dd HH:mm} UTC</time> <span class=\"actor\">{HtmlText.Encode(one.Actor)}</span> <span>{HtmlText.Encode(one.Text)}</span></li>"));
        }
        return Add("</ol>");
    }

    /// <summary>Links, one a line: words and a path relative to the report, or an https address.</summary>
    /// <exception cref="ArgumentException">A target is neither.</exception>
    public HtmlSection Links(params IReadOnlyList<(string Text, string Target)> links) =>
        Add($"<ul>{string.Concat(links.Select(link => $"<li>{HtmlText.Link(link.Text, link.Target)}</li>"))}</ul>");

    /// <summary>Markup that is encoded already.</summary>
    internal HtmlSection Markup(string html) => Add(html);

    private static string Class(bool isNumber) => isNumber ? " class=\"number\"" : "";

    private HtmlSection Add(string html)
    {
        _html.Append(html).Append('\n');
        return this;
    }
}
