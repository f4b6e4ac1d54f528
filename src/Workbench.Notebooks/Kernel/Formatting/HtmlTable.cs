using System.Net;
using System.Text;

namespace Workbench.Notebooks.Kernel.Formatting;

/// <summary>A table of texts as HTML and as aligned plain text; null is marked, so that it differs from an empty text.</summary>
/// <param name="Columns">Header, type shown under it, and whether values stand right.</param>
/// <param name="Rows">Rows as wide as <paramref name="Columns"/>.</param>
/// <param name="Caption">A line under the table, such as how many rows there are.</param>
internal sealed record HtmlTable(IReadOnlyList<(string Name, string Type, bool Numeric)> Columns, IReadOnlyList<IReadOnlyList<string?>> Rows, string Caption)
{
    private const string Style =
        ".wb-table{border-collapse:collapse;font:13px/1.4 system-ui,sans-serif}.wb-table th,.wb-table td{padding:3px 10px;border-bottom:1px solid #8884;text-align:left}"
        + ".wb-table th small{display:block;font-weight:normal;opacity:.65}.wb-table .n{text-align:right;font-variant-numeric:tabular-nums}"
        + ".wb-table i{opacity:.5}.wb-caption{font:12px system-ui,sans-serif;opacity:.7;margin:4px 0}";

    public MimeBundle ToBundle() => MimeBundle.Of("text/html", ToHtml(), ToText());

    public string ToHtml()
    {
        var html = new StringBuilder($"<style>{Style}</style><table class=\"wb-table\"><thead><tr>");
        foreach (var (name, type, numeric) in Columns)
            html.Append($"<th{Class(numeric)}>{WebUtility.HtmlEncode(name)}<small>{WebUtility.HtmlEncode(type)}</small></th>");
        html.Append("</tr></thead><tbody>");
        foreach (var row in Rows)
        {
            html.Append("<tr>");
            for (int column = 0; column < Columns.Count; column++)
                html.Append($"<td{Class(Columns[column].Numeric)}>{(row[column] is { } text ? WebUtility.HtmlEncode(text) : "<i>null</i>")}</td>");
            html.Append("</tr>");
        }
        return html.Append($"</tbody></table><div class=\"wb-caption\">{WebUtility.HtmlEncode(Caption)}</div>").ToString();
    }

    public string ToText()
    {
        var widths = Columns.Select((column, index) => Rows.Select(row => (row[index] ?? "null").Length).Append(column.Name.Length).Max()).ToList();
        var text = new StringBuilder();
        AppendLine(text, Columns.Select(column => column.Name).ToList(), widths);
        foreach (var row in Rows)
            AppendLine(text, row.Select(value => value ?? "null").ToList(), widths);
        return text.Append(Caption).ToString();
    }

    private static string Class(bool numeric) => numeric ? " class=\"n\"" : "";

    private void AppendLine(StringBuilder text, List<string> values, List<int> widths)
    {
        var cells = values.Select((value, column) => Columns[column].Numeric ? value.PadLeft(widths[column]) : value.PadRight(widths[column]));
        text.Append(string.Join("  ", cells).TrimEnd()).Append('\n');
    }
}
