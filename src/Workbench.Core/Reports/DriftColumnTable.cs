using System.Text;
using Workbench.Drift;

namespace Workbench.Reports;

/// <summary>The table of all columns: complete without a script; drift.js lets it be sorted and filtered.</summary>
internal static class DriftColumnTable
{
    // What a head shows; the name of its figure in DriftPageData; whether that is a text.
    private static readonly (string Text, string? Key, bool IsText, bool IsNumber)[] Heads =
    [
        ("Column", "n", true, false), ("Kind", "k", true, false), ("Role", "o", true, false), ("Verdict", "v", false, false), ("Distributions", null, false, false),
        ("Foremost test", "s", false, false), ("Effect size", "f", false, true), ("p-value", "p", false, true), ("NULL, reference", "a", false, true), ("NULL, current", "b", false, true),
    ];

    /// <summary>The fields above the table; hidden until the script is there.</summary>
    public static string Controls(IReadOnlyList<ColumnDrift> columns) => $"""
        <div class="controls" id="drift-controls" hidden>
        <label>Column <input type="search" data-field="name" placeholder="part of a name" autocomplete="off"></label>
        <label>Verdict <select data-field="verdict"><option value="">all</option><option>drift</option><option>stable</option></select></label>
        <label>Kind <select data-field="kind"><option value="">all</option>{string.Concat(columns.Select(DriftPageText.Kind).Distinct().Order().Select(kind => $"<option>{kind}</option>"))}</select></label>
        {(HasRoles(columns) ? $"<label>Role <select data-field=\"role\"><option value=\"\">all</option>{string.Concat(columns.Select(DriftPageText.Role).Distinct().Order().Select(role => $"<option>{role}</option>"))}</select></label>" : "")}
        <span role="status"></span>
        </div>
        """;

    /// <summary>One row a column, in the order given, which is that of <see cref="DriftPageData"/>. End tags that HTML lets one leave out are left out.</summary>
    public static string Table(IReadOnlyList<ColumnDrift> columns)
    {
        var html = new StringBuilder("<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"Columns\"><table id=\"drift-columns\"><thead><tr>");
        bool hasRoles = HasRoles(columns);
        foreach (var (text, key, isText, isNumber) in Heads.Where(head => hasRoles || head.Key != "o"))
            html.Append($"<th scope=\"col\"{(isNumber ? " class=\"number\"" : "")}{(key is null ? "" : $" data-key=\"{key}\"{(isText ? " data-texts" : "")} aria-sort=\"{(key == "v" ? "descending" : "none")}\"")}>{text}</th>");
        html.Append("</tr></thead><tbody>\n");
        foreach (var column in columns)
            html.Append(Row(column, hasRoles)).Append('\n');
        return html.Append("</tbody></table></div>").ToString();
    }

    private static string Row(ColumnDrift column, bool hasRoles) =>
        $"<tr><td>{DriftPageText.Link(column.Column)}<td>{DriftPageText.Kind(column)}{(hasRoles ? "<td>" + DriftPageText.Role(column) : "")}<td>{Verdict(column)}<td>{DriftSparkline.Draw(column.Bins)}"
        + $"<td>{HtmlText.Encode(column.Foremost?.ToString() ?? "–")}<td class=number>{DriftPageText.Number(column.Foremost?.Size)}<td class=number>{DriftPageText.Number(DriftPageText.PValue(column))}"
        + $"<td class=number>{DriftPageText.Percent(column.NullShareReference)}<td class=number>{DriftPageText.Percent(column.NullShareCurrent)}";

    // Without a target or a prediction all are features, which need not be said.
    private static bool HasRoles(IReadOnlyList<ColumnDrift> columns) => columns.Any(column => column.Role != ColumnRole.Feature);

    public static string Verdict(ColumnDrift column) => column.IsDrift ? HtmlText.Badge(ReportStatus.Warning, "drift") : HtmlText.Badge(ReportStatus.Passed, "stable");
}
