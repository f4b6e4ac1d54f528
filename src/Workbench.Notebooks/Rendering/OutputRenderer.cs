using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Workbench.Notebooks.Rendering;

/// <summary>Renders outputs as HTML that can do nothing.</summary>
internal sealed class OutputRenderer(ReportPage page, MarkdownRenderer markdown)
{
    private const int LongestHtml = 1_500_000;
    private static readonly string[] MapTypes = ["scattergeo", "choropleth", "mapbox", "scattermap", "densitymap"];

    /// <param name="form">The output.</param>
    /// <param name="cell">How the cell is called, for readers who do not see the page.</param>
    public string Render(OutputForm form, string cell) => form.Type switch
    {
        OutputForm.Output => Terminal("stdout", form.Text, $"Output of {cell}"),
        OutputForm.ErrorOutput => Terminal("stderr", form.Text, $"Error stream of {cell}"),
        OutputForm.Failure => Terminal("error", form.Text, $"Error of {cell}"),
        "text/html" when form.Text.Length > LongestHtml => Plain(form, cell) + Note($"The HTML of this output has {Count(form.Text.Length)} characters; the notebook holds it, and its text stands here."),
        "text/html" => Frame(form.Text, cell) + (HasScript(form.Text) ? Note("This HTML brings scripts. A report runs none, so what they would draw is missing; run the notebook to see it.") : ""),
        "text/markdown" => $"<div class=\"markdown\">{markdown.Render(form.Text)}</div>",
        "text/latex" => $"<pre class=\"latex\" tabindex=\"0\" aria-label=\"LaTeX source\">{WebUtility.HtmlEncode(form.Text)}</pre>",
        "image/svg+xml" => Image(form, $"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(form.Text))}", cell), // as an image: scripts inside it do not run
        "application/javascript" => $"<details><summary>JavaScript, which a report does not run</summary>{Terminal("stdout", form.Text, "JavaScript")}</details>",
        Charts.PlotlyFigure.MimeType => Chart((JsonObject)form.Content!, form), // chosen only when it is an object
        KeyFigures.MimeType => Figures((JsonObject)form.Content!), // the same
        OutputForm.Mermaid => page.Diagram(form.Text),
        "application/json" => Terminal("stdout", form.Content?.ToJsonString(JsonText.Indented) ?? "null", $"JSON of {cell}"),
        _ when OutputForm.ImageTypes.Contains(form.Type) => Image(form, $"data:{form.Type};base64,{Base64(form.Text)}", cell),
        _ => Plain(form, cell),
    };

    /// <summary>Figures with their names.</summary>
    public static string Cards(IEnumerable<(string Name, JsonNode? Value)> figures) =>
        $"<dl class=\"cards\">{string.Concat(figures.Select(figure => $"<div><dt>{WebUtility.HtmlEncode(figure.Name)}</dt><dd title=\"{WebUtility.HtmlEncode(Exact(figure.Value))}\">{WebUtility.HtmlEncode(KeyFigures.Text(figure.Value))}</dd></div>"))}</dl>";

    /// <summary>A remark of the report, not of the notebook.</summary>
    public static string Note(string text) => $"<p class=\"note\">{WebUtility.HtmlEncode(text)}</p>";

    private static string Figures(JsonObject figures) => Cards(figures.Select(pair => (pair.Key, pair.Value)));

    private static string Exact(JsonNode? value) => value?.ToString() is { Length: < 1000 } text ? text : "";

    // Without allow-same-origin the frame is a stranger to the page. Its own script comes first, so that no HTML can swallow it,
    // and is the only one that the policy lets run.
    private static string Frame(string html, string cell) =>
        $"<iframe class=\"output\" sandbox=\"allow-scripts\" title=\"HTML output of {WebUtility.HtmlEncode(cell)}\" srcdoc=\"{WebUtility.HtmlEncode($"<!DOCTYPE html><meta charset=utf-8><script>{PageAssets.FrameScript}</script><style>{PageAssets.FrameStyle}</style>{html}")}\"></iframe>";

    private string Chart(JsonObject figure, OutputForm form)
    {
        var types = (figure["data"] as JsonArray ?? []).Select(trace => (trace as JsonObject)?["type"]?.ToString() ?? "");
        var remark = types.Any(type => MapTypes.Any(map => type.Contains(map, StringComparison.Ordinal)))
            ? Note("This map takes its outlines from the network, which a report does not use; run the notebook to see them.") : "";
        return page.Figure(figure, form.PlainText) + remark;
    }

    private static string Image(OutputForm form, string source, string cell)
    {
        var alternative = form.PlainText is { Length: > 0 } text && !text.StartsWith('<') ? text : $"Picture, output of {cell}";
        return $"<img alt=\"{WebUtility.HtmlEncode(alternative)}\" src=\"{source}\"{Size(form.Metadata, "width")}>";
    }

    private static string Size(JsonObject? metadata, string name) =>
        metadata?[name] is JsonValue value && value.TryGetValue(out int pixels) && pixels is > 0 and < 10_000 ? string.Create(CultureInfo.InvariantCulture, $" {name}=\"{pixels}\"") : "";

    private static string Plain(OutputForm form, string cell)
    {
        bool isWidget = form.Offered.Contains(OutputForm.WidgetView);
        var text = form.Type.StartsWith("text/", StringComparison.Ordinal) && form.Type != "text/html" ? form.Text : form.PlainText;
        if (text.Length == 0 && !isWidget)
            return form.Offered.Count == 0 ? "" : Note($"This output has no form that a report can show, only {string.Join(", ", form.Offered)}; run the notebook to see it.");
        return (text.Length > 0 ? Terminal("stdout", text, $"Output of {cell}") : "") + (isWidget ? Note("This is an interactive widget; a report shows its text only.") : "");
    }

    private static string Terminal(string kind, string text, string label) =>
        $"<pre class=\"{kind}\" tabindex=\"0\" aria-label=\"{WebUtility.HtmlEncode(label)}\">{TerminalText.ToHtml(text)}</pre>";

    private static string Base64(string text) => string.Concat(text.Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '+' or '/' or '='));

    private static bool HasScript(string html) => html.Contains("<script", StringComparison.OrdinalIgnoreCase);

    private static string Count(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
