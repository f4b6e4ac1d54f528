using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Workbench.Charts;
using Workbench.Notebooks.Format;

namespace Workbench.Notebooks.Rendering;

/// <summary>An output in the form that a report shows: of the types that it offers, the richest that can be shown safely.</summary>
/// <param name="Type">A MIME type, or <see cref="Output"/>, <see cref="ErrorOutput"/> or <see cref="Failure"/>.</param>
/// <param name="Content">What the output holds under that type.</param>
/// <param name="PlainText">Its <c>text/plain</c>; empty when there is none.</param>
/// <param name="Metadata">What the output says about this type, such as a picture's width.</param>
/// <param name="Offered">All MIME types of the output.</param>
internal sealed partial record OutputForm(string Type, JsonNode? Content, string PlainText, JsonObject? Metadata, IReadOnlyList<string> Offered)
{
    public const string Output = "stdout";
    public const string ErrorOutput = "stderr";
    public const string Failure = "error";
    public const string Mermaid = "text/vnd.mermaid";
    public const string WidgetView = "application/vnd.jupyter.widget-view+json";

    /// <summary>Pictures of dots; a browser shows them without running anything.</summary>
    public static readonly IReadOnlyList<string> ImageTypes = ["image/png", "image/jpeg", "image/gif", "image/webp"];

    private static readonly string[] Order =
    [
        KeyFigures.MimeType, PlotlyFigure.MimeType, Mermaid, .. ImageTypes, "image/svg+xml",
        "text/html", "text/markdown", "text/latex", "application/json", "application/javascript", "text/plain",
    ];

    /// <summary>The outputs of a cell. Neighbouring pieces of one stream are one output, as on a screen.</summary>
    /// <param name="cell">A code cell.</param>
    /// <param name="language">Its language, because .NET Interactive wrote diagrams as HTML that loads its script from the network.</param>
    public static IReadOnlyList<OutputForm> Of(NotebookCell cell, string language)
    {
        var forms = new List<OutputForm>();
        foreach (var output in cell.Outputs.OfType<JsonObject>())
        {
            var form = Of(output);
            if (form?.Type == "text/html" && language == "mermaid")
                form = form with { Type = Mermaid, Content = CellLanguage.WithoutMagics(cell.Source) };
            if (form is { Type: Output or ErrorOutput } && forms.LastOrDefault() is { } last && last.Type == form.Type)
                forms[^1] = last with { Content = last.Text + form.Text };
            else if (form is not null)
                forms.Add(form);
        }
        return forms;
    }

    /// <summary>The content as text.</summary>
    public string Text => Type is Output or ErrorOutput ? StreamText(Content) : MultilineText.Read(Content);

    /// <summary>Whether a reader sees the same; ids that each run draws anew do not count.</summary>
    public bool ShowsSameAs(OutputForm other) =>
        Type == other.Type && (Content is JsonObject ? JsonNode.DeepEquals(Content, other.Content) : Identity().Replace(Text, "") == Identity().Replace(other.Text, ""));

    private static OutputForm? Of(JsonObject output) => output["output_type"]?.ToString() switch
    {
        "stream" => new(output["name"]?.ToString() == ErrorOutput ? ErrorOutput : Output, StreamText(output["text"]), "", null, []),
        "error" => new(Failure, FailureText(output), "", null, []),
        "display_data" or "execute_result" or "update_display_data" when output["data"] is JsonObject data => Richest(data, output["metadata"] as JsonObject),
        _ => null,
    };

    private static OutputForm Richest(JsonObject data, JsonObject? metadata)
    {
        var types = data.Select(pair => pair.Key).ToList();
        var plain = MultilineText.Read(data["text/plain"]);
        var type = Order.FirstOrDefault(one => data[one] is { } content && (one is not (KeyFigures.MimeType or PlotlyFigure.MimeType) || content is JsonObject))
            ?? types.FirstOrDefault(one => one.StartsWith("text/", StringComparison.Ordinal)) ?? "";
        if (type == "text/html" && PlotlyHtml.TryRead(MultilineText.Read(data[type])) is { } figure)
            return new(PlotlyFigure.MimeType, figure, plain, null, types);
        return new(type, data[type], plain, metadata?[type] as JsonObject, types);
    }

    // A lone carriage return moves the cursor of a terminal and must stay.
    private static string StreamText(JsonNode? text) =>
        (text is JsonArray pieces ? string.Concat(pieces.Select(piece => piece?.ToString())) : text?.ToString() ?? "").Replace("\r\n", "\n", StringComparison.Ordinal);

    private static string FailureText(JsonObject output)
    {
        var lines = (output["traceback"] as JsonArray ?? []).Select(line => line?.ToString() ?? "").ToList();
        return lines.Count > 0 ? string.Join('\n', lines) : $"{output["ename"]}: {output["evalue"]}";
    }

    // A GUID, and what pandas calls a styled table.
    [GeneratedRegex(@"\b[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\b|\bT_[0-9a-f]{5,}(?=_|\b)", RegexOptions.IgnoreCase)]
    private static partial Regex Identity();
}
