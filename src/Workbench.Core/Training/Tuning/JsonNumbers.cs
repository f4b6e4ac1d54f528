using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Training.Tuning;

/// <summary>Numbers in JSON, whatever type of .NET they were made of.</summary>
internal static class JsonNumbers
{
    /// <summary>The number, or null when the node is none.</summary>
    public static double? Read(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.Number && double.TryParse(value.ToJsonString(), CultureInfo.InvariantCulture, out double number) ? number : null;

    /// <summary>Whether two nodes hold the same value: 1 is 1.0, as YAML, JSON and C# write it.</summary>
    public static bool AreEqual(JsonNode? left, JsonNode? right) =>
        Read(left) is { } a && Read(right) is { } b ? a.Equals(b) : JsonNode.DeepEquals(left, right);
}
