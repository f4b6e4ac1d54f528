using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Workbench.Host.Designer;

/// <summary>The shapes that Elsa's client reads: lists, pages, problems.</summary>
internal static class DesignerJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public static JsonObject Items(IEnumerable<JsonNode?> items)
    {
        var list = new JsonArray([.. items]);
        return new JsonObject { ["items"] = list, ["count"] = list.Count };
    }

    public static JsonObject Page(IEnumerable<JsonNode?> items, long total) => new() { ["items"] = new JsonArray([.. items]), ["totalCount"] = total };

    public static JsonObject None => Items([]);

    public static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) && text.Length > 0 ? text : null;

    public static int? Whole(JsonNode? node) => node is JsonValue value && value.TryGetValue(out int number) ? number : null;

    public static IReadOnlyList<string> Texts(JsonNode? node) => node is JsonArray list ? [.. list.Select(Text).OfType<string>()] : [];
}
