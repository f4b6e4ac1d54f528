using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Workbench.Notebooks.Kernel.Formatting;

/// <summary>
/// A table as HTML. The first page is plain markup, so that it is seen where no script runs; the other rows travel in a
/// script that turns pages and sorts. Null is marked, so that it differs from an empty text.
/// </summary>
internal static class TableHtml
{
    private const int LongestText = 100;
    private const int LongestTitle = 1000;
    private const int MaximumCharacters = 500_000;

    private const string Style =
        ".wb-table{font:13px/1.4 system-ui,sans-serif;color:inherit}.wb-table .s{overflow-x:auto}.wb-table table{border-collapse:collapse;margin:0;font:inherit;color:inherit;border:none;width:auto}"
        + ".wb-table th,.wb-table td{padding:3px 10px;border:none;border-bottom:1px solid #8884;text-align:left!important;vertical-align:top;min-width:4em;max-width:40em;overflow-wrap:break-word;background:none;white-space:pre-wrap}"
        + ".wb-table th{font-weight:600;white-space:nowrap;border-bottom:1px solid #8888}.wb-table small{display:block;font-weight:normal;font-size:11px;opacity:.7}.wb-table .n{text-align:right!important;font-variant-numeric:tabular-nums}"
        + ".wb-table i{opacity:.55}.wb-table .e{color:#d1453b}.wb-table .f{font-size:12px;opacity:.8;margin:4px 0;display:flex;flex-wrap:wrap;gap:4px 16px;align-items:center}"
        + ".wb-table button{font:inherit;color:inherit;background:none;border:1px solid #8886;border-radius:4px;padding:0 8px;cursor:pointer}.wb-table button:disabled{opacity:.35;cursor:default}.wb-table th[role]{cursor:pointer}";

    // Arguments: class of the box, all rows (text, null, or {e: error}), rows a page, caption for readers who can turn pages.
    private const string Script = """
        (function(k,rows,size,caption){document.querySelectorAll("."+k+":not([data-ready])").forEach(function(box){box.setAttribute("data-ready","");
        var body=box.querySelector("tbody"),heads=[].slice.call(box.querySelectorAll("th")),foot=box.querySelector(".f"),order=rows.map(function(_,i){return i}),page=0,by=-1,up=true,last=Math.ceil(rows.length/size)-1;
        function cell(v,c){var d=document.createElement("td");d.className=heads[c].className;if(v===null){d.appendChild(document.createElement("i")).textContent="null"}else if(typeof v==="object"){d.className="e";d.textContent=v.e}else if(v.length>LIMIT){d.textContent=v.slice(0,LIMIT)+"…";d.title=v}else d.textContent=v;return d}
        function draw(){body.textContent="";order.slice(page*size,page*size+size).forEach(function(r){var t=body.appendChild(document.createElement("tr"));rows[r].forEach(function(v,c){t.appendChild(cell(v,c))})});
        where.textContent=(page*size+1)+"–"+Math.min(rows.length,page*size+size)+" of "+rows.length;back.disabled=page===0;next.disabled=page===last}
        function key(r){var v=rows[r][by];return v===null||typeof v==="object"?null:heads[by].className==="n"?parseFloat(v):v}
        function sort(c){up=by===c?!up:true;by=c;order.sort(function(p,q){var a=key(p),b=key(q);if(a===null||b===null)return (a===null)-(b===null)||p-q;var d=typeof a==="number"?(a-b||(isNaN(a)-isNaN(b))):a.localeCompare(b);return (up?d:-d)||p-q});
        heads.forEach(function(h,i){h.setAttribute("aria-sort",i===c?(up?"ascending":"descending"):"none");h.firstChild.textContent=h.firstChild.textContent.replace(/ [▲▼]$/,"")+(i===c?(up?" ▲":" ▼"):"")});page=0;draw()}
        function button(text,label,act){var b=document.createElement("button");b.type="button";b.textContent=text;b.title=label;b.setAttribute("aria-label",label);b.onclick=act;return b}
        var where=document.createElement("span"),back=button("‹","Previous page",function(){page--;draw()}),next=button("›","Next page",function(){page++;draw()});
        foot.firstChild.textContent=caption;[back,where,next].forEach(function(e){foot.appendChild(e)});
        heads.forEach(function(h,c){h.setAttribute("role","columnheader button");h.tabIndex=0;h.title="Sort by "+h.firstChild.textContent;h.onclick=function(){sort(c)};h.onkeydown=function(e){if(e.key==="Enter"||e.key===" "){e.preventDefault();sort(c)}}});draw()})})
        """;

    public static string Render(ShownTable table)
    {
        var texts = table.Texts();
        var data = texts.Count > ShownTable.PageSize ? Data(texts) : (Json: "", Rows: texts.Count);
        var box = "wb-t" + Hash(data.Json);
        var html = new StringBuilder($"<style>{Style}</style><div class=\"wb-table {box}\"><div class=\"s\"><table><thead><tr>");
        foreach (var column in table.Columns)
            html.Append($"<th{Class(column)}><span>{Encode(column.Name)}</span><small>{Encode(column.Type)}</small></th>");
        html.Append("</tr></thead><tbody>");
        foreach (var row in texts.Take(ShownTable.PageSize))
            AppendRow(html, table.Columns, row);
        html.Append($"</tbody></table></div><div class=\"f\"><span>{Encode(TableCaption.Of(table, Math.Min(texts.Count, ShownTable.PageSize)))}</span>");
        if (table.Failure is { } failure)
            html.Append($"<span class=\"e\">{Encode(failure)}</span>");
        html.Append("</div></div>");
        if (data.Json.Length > 0)
        {
            var script = Script.Replace("LIMIT", LongestText.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal).ReplaceLineEndings("");
            html.Append($"<script>{script}(\"{box}\",{data.Json},{ShownTable.PageSize},{JsonSerializer.Serialize(TableCaption.Of(table, data.Rows))})</script>");
        }
        return html.ToString();
    }

    // The default JSON encoder writes < as \u003C, so that no text ends the script element.
    private static (string Json, int Rows) Data(IReadOnlyList<object?[]> texts)
    {
        var json = new StringBuilder("[");
        int rows = 0;
        foreach (var row in texts)
        {
            var line = JsonSerializer.Serialize(row.Select(value => value switch
            {
                null => null,
                CellFailure failure => (object)new { e = failure.Message },
                _ => Cut((string)value, LongestTitle),
            }));
            if (rows > ShownTable.PageSize && json.Length + line.Length > MaximumCharacters)
                break;
            json.Append(rows++ == 0 ? "" : ",").Append(line);
        }
        return (json.Append(']').ToString(), rows);
    }

    private static void AppendRow(StringBuilder html, IReadOnlyList<ShownColumn> columns, object?[] row)
    {
        html.Append("<tr>");
        for (int column = 0; column < columns.Count; column++)
            html.Append(row[column] switch
            {
                null => $"<td{Class(columns[column])}><i>null</i></td>",
                CellFailure failure => $"<td class=\"e\">{Encode(failure.Message)}</td>",
                string { Length: > LongestText } text => $"<td{Class(columns[column])} title=\"{Encode(Cut(text, LongestTitle))}\">{Encode(Cut(text, LongestText))}</td>",
                var text => $"<td{Class(columns[column])}>{Encode((string)text)}</td>",
            });
        html.Append("</tr>");
    }

    /// <summary>The first characters; never half of a surrogate pair.</summary>
    internal static string Cut(string text, int length) =>
        text.Length <= length ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[length - 1]) ? length - 1 : length), "…");

    private static string Class(ShownColumn column) => column.IsNumeric ? " class=\"n\"" : "";

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 5));
}
