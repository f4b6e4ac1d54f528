using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Notebooks.Format;

namespace Workbench.Notebooks.Rendering;

/// <summary>
/// The figures that a run records for its readers: outputs of the type <see cref="MimeType"/> (an object of names and
/// values), JSON objects of a cell tagged <see cref="Tag"/>, and what scrapbook's <c>glue</c> wrote. Of values with one
/// name, the last counts.
/// </summary>
internal static class KeyFigures
{
    public const string MimeType = "application/vnd.workbench.figures+json";
    public const string Tag = "figures";
    private const string ScrapPrefix = "application/scrapbook.scrap.";
    private const int LongestText = 200;

    public static IReadOnlyList<(string Name, JsonNode? Value)> Of(NotebookDocument document)
    {
        var figures = new List<(string Name, JsonNode? Value)>();
        foreach (var cell in document.Cells.Where(cell => cell.Type == CellType.Code))
            foreach (var data in cell.Outputs.Select(output => output?["data"]).OfType<JsonObject>())
                foreach (var (name, value) in Recorded(data, cell.HasTag(Tag)))
                {
                    int place = figures.FindIndex(figure => figure.Name == name);
                    if (place < 0)
                        figures.Add((name, value));
                    else
                        figures[place] = (name, value);
                }
        return figures;
    }

    /// <summary>A value for people: numbers with six digits that count.</summary>
    public static string Text(JsonNode? value) => value switch
    {
        null => "none",
        JsonValue number when Number(number) is { } real => NumberText(real),
        JsonValue text when text.TryGetValue(out string? content) => Cut(content),
        _ => Cut(value.ToJsonString(JsonText.Readable)),
    };

    public static double? Number(JsonNode? value) =>
        value is JsonValue number && number.GetValueKind() == JsonValueKind.Number && double.TryParse(number.ToJsonString(), CultureInfo.InvariantCulture, out double real) ? real : null;

    public static string NumberText(double value) => Math.Abs(value) switch
    {
        < 1e15 when double.IsInteger(value) => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 1e6 and < 1e15 => value.ToString("N1", CultureInfo.InvariantCulture),
        _ => value.ToString("G6", CultureInfo.InvariantCulture),
    };

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Recorded(JsonObject data, bool tagged)
    {
        if (data[MimeType] is JsonObject figures)
            return figures;
        if (data.FirstOrDefault(pair => pair.Key.StartsWith(ScrapPrefix, StringComparison.Ordinal)).Value is JsonObject scrap)
            return scrap["name"]?.ToString() is { } name ? [KeyValuePair.Create(name, scrap["data"])] : [];
        return tagged && data["application/json"] is JsonObject json ? json : [];
    }

    private static string Cut(string text) => text.Length > LongestText ? text[..LongestText] + "…" : text;
}
