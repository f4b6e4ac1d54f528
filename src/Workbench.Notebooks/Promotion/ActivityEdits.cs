using System.Text.Json.Nodes;

namespace Workbench.Notebooks.Promotion;

/// <summary>What differs between two states of an activity, in words for people.</summary>
internal static class ActivityEdits
{
    public static IReadOnlyList<string> Between(JsonObject before, JsonObject after) =>
        [.. Keys(before, after).SelectMany(key => Words(key, before[key], after[key])).Distinct()];

    private static IEnumerable<string> Keys(JsonObject before, JsonObject after) =>
        before.Select(pair => pair.Key).Union(after.Select(pair => pair.Key)).Where(key => !JsonMerge.Same(before[key], after[key]));

    private static IEnumerable<string> Words(string key, JsonNode? before, JsonNode? after) => key switch
    {
        "metadata" => ["layout"],
        "stepHash" => ["cells"],
        "notebookHash" or "nodeId" or "id" => [],
        "stepInputs" => ["inputs"],
        "stepOutputs" => ["outputs"],
        "customProperties" => Keys(before as JsonObject ?? [], after as JsonObject ?? []),
        _ when ((before ?? after) as JsonObject)?["memoryReference"] is not null => ["outputs"],
        _ => [key],
    };
}
