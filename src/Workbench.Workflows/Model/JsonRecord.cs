using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Workbench.Workflows.Model;

/// <summary>A part of a definition that keeps and writes back the properties it does not know.</summary>
public abstract record JsonRecord
{
    /// <summary>The properties that the type does not know, for reading; they are written back as they came.</summary>
    [JsonIgnore, JsonPropertyName("$properties")]
    public JsonObject Properties => field ??= new((Unknown ?? []).Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Deserialize<JsonNode>())));

    [JsonInclude]
    [JsonExtensionData]
    internal Dictionary<string, JsonElement>? Unknown { get; init; }
}
