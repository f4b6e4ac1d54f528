using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Workbench.Workflows.Model;

/// <summary>How this project reads and writes JSON: Elsa's camelCase, enums as text, absent instead of null.</summary>
internal static class WorkflowJson
{
    public static readonly JsonSerializerOptions Compact = Create(indented: false);
    public static readonly JsonSerializerOptions Indented = Create(indented: true);

    private static JsonSerializerOptions Create(bool indented) => new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.Strict,
        PropertyNameCaseInsensitive = false,
        WriteIndented = indented,
        Converters = { new JsonStringEnumConverter() },
    };

    public static string Write(JsonNode? node) => node?.ToJsonString(Compact) ?? "null";

    /// <summary>Reads what <see cref="Write"/> wrote; null and empty text give an empty object.</summary>
    public static JsonObject ReadObject(string? text) =>
        text is { Length: > 0 } && JsonNode.Parse(text) is JsonObject json ? json : [];

    public static string CamelCase(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);

    /// <summary>The property of that name, exactly or else without regard to case; null when absent or JSON null.</summary>
    public static JsonNode? Find(JsonObject json, string name)
    {
        if (json[name] is { } exact)
            return exact;
        foreach (var (key, value) in json)
            if (string.Equals(key, name, StringComparison.OrdinalIgnoreCase))
                return value;
        return null;
    }

    public static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
