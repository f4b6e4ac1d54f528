using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Workbench.Charts;
using Workbench.Notebooks.Format;

namespace Workbench.Notebooks.Rendering;

/// <summary>Renders outputs: the richest form that can be shown safely.</summary>
internal sealed partial class OutputRenderer
{
    private static readonly string[] ImageTypes = ["image/png", "image/jpeg", "image/gif", "image/webp"];
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private int _figures;

    public bool HasFigures => _figures > 0;

    public string Render(JsonNode output, MarkdownRenderer markdown) => output["output_type"]?.ToString() switch
    {
        "stream" => $"<pre class=\"{(output["name"]?.ToString() == "stderr" ? "stderr" : "stdout")}\">{Plain(MultilineText.Read(output["text"]))}</pre>",
        "error" => Error(output),
        "display_data" or "execute_result" when output["data"] is JsonObject data => Rich(data, markdown),
        _ => "",
    };

    private string Rich(JsonObject data, MarkdownRenderer markdown)
    {
        if (data[PlotlyFigure.MimeType] is JsonObject figure)
            return Figure(figure, MultilineText.Read(data["text/plain"]));
        if (ImageTypes.FirstOrDefault(data.ContainsKey) is { } image)
            return $"<img alt=\"\" src=\"data:{image};base64,{WebUtility.HtmlEncode(MultilineText.Read(data[image]).Replace("\n", "", StringComparison.Ordinal))}\">";
        if (data["image/svg+xml"] is { } svg) // as an image: scripts inside it do not run
            return $"<img alt=\"\" src=\"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(MultilineText.Read(svg)))}\">";
        if (data["text/html"] is { } html)
            return Frame(MultilineText.Read(html));
        if (data["text/markdown"] is { } text)
            return $"<div class=\"markdown\">{markdown.Render(MultilineText.Read(text))}</div>";
        if (data["application/json"] is { } json)
            return $"<pre>{WebUtility.HtmlEncode(json.ToJsonString(Indented))}</pre>";
        return $"<pre>{Plain(MultilineText.Read(data["text/plain"]))}</pre>";
    }

    // Without allow-same-origin the frame is a stranger to the page; the only script that its inherited policy lets run tells its height.
    private static string Frame(string html) =>
        $"<iframe sandbox=\"allow-scripts\" loading=\"eager\" title=\"Output\" srcdoc=\"{WebUtility.HtmlEncode($"<!DOCTYPE html><meta charset=utf-8><style>body{{margin:0;font:14px system-ui,sans-serif}}</style>{html}<script>{PageAssets.FrameScript}</script>")}\"></iframe>";

    // JSON inside a script element of another type is data; the default encoder escapes <, so it cannot end the element.
    private string Figure(JsonObject figure, string description)
    {
        var id = $"figure-{++_figures}";
        return $"<figure data-figure=\"{id}\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode(description)}\"></figure><script type=\"application/json\" id=\"{id}\">{JsonSerializer.Serialize(figure)}</script>";
    }

    private static string Error(JsonNode output)
    {
        var lines = (output["traceback"] as JsonArray ?? []).Select(line => line?.ToString() ?? "").ToList();
        var text = lines.Count > 0 ? string.Join('\n', lines) : $"{output["ename"]}: {output["evalue"]}";
        return $"<pre class=\"error\">{Plain(text)}</pre>";
    }

    private static string Plain(string text) => WebUtility.HtmlEncode(Colours().Replace(text, ""));

    [GeneratedRegex(@"\e\[[0-9;]*[A-Za-z]")]
    private static partial Regex Colours();
}
