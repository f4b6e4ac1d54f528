using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Workbench.Notebooks.Format;

namespace Workbench.Notebooks.Rendering;

/// <summary>The table on top of a report: how it ran, with what, and what failed.</summary>
internal static class SummaryRenderer
{
    public static string Render(NotebookDocument document)
    {
        var record = document.Metadata["papermill"] as JsonObject;
        var rows = new List<(string Name, string Value)>
        {
            ("Kernel", document.Metadata["kernelspec"]?["display_name"]?.ToString() ?? document.KernelName ?? "not named"),
            ("Code", NotebookHash.Of(document).Value),
        };
        if (record?["start_time"]?.ToString() is { } start)
            rows.Add(("Started", start[..Math.Min(19, start.Length)].Replace('T', ' ') + " UTC"));
        if (record?["duration"] is JsonValue duration && duration.TryGetValue(out double seconds))
            rows.Add(("Duration", seconds.ToString("F1", CultureInfo.InvariantCulture) + " s"));
        foreach (var (name, value) in record?["parameters"] as JsonObject ?? [])
            rows.Add(($"Parameter {name}", value?.ToJsonString() ?? "null"));
        var html = new StringBuilder("<table class=\"summary\">");
        foreach (var (name, value) in rows)
            html.Append($"<tr><th>{WebUtility.HtmlEncode(name)}</th><td>{WebUtility.HtmlEncode(value)}</td></tr>");
        return html.Append("</table>").Append(Errors(document)).ToString();
    }

    private static string Errors(NotebookDocument document)
    {
        var failed = document.Cells.Where(cell => cell.Type == CellType.Code)
            .SelectMany(cell => cell.Outputs.Where(output => output?["output_type"]?.ToString() == "error"), (cell, output) => (cell, output)).ToList();
        if (failed.Count == 0)
            return document.Metadata["papermill"]?["exception"]?.ToString() == "true" ? "<p class=\"failed\">The run ended before its last cell.</p>" : "";
        return string.Concat(failed.Select(pair =>
            $"<p class=\"failed\">Cell <a href=\"#cell-{WebUtility.HtmlEncode(pair.cell.Id)}\">[{pair.cell.ExecutionCount?.ToString(CultureInfo.InvariantCulture) ?? " "}]</a> failed: {WebUtility.HtmlEncode(pair.output?["ename"] + ": " + pair.output?["evalue"])}</p>"));
    }
}
