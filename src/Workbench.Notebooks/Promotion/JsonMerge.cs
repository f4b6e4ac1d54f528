using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Notebooks.Promotion;

/// <summary>
/// Three-way merge of JSON: what the promotion wrote last time (was), what stands there now (theirs), and what it would
/// write now (ours). What only one side changed is taken; what both changed is a conflict, and theirs stays. Null and
/// absent are the same. Lists are sets of items known by <c>id</c>, <c>name</c> or their text, in their order.
/// </summary>
internal sealed class JsonMerge
{
    private const int LongestText = 80;

    // Where things stand and what they are called is the designer's.
    private static readonly string[] TheirsAlways = ["metadata", "name", "displayName", "description"];

    /// <summary>What both sides changed, one sentence each.</summary>
    public List<string> Conflicts { get; } = [];

    public static bool Same(JsonNode? first, JsonNode? second) => (first, second) switch
    {
        (JsonObject one, JsonObject two) => one.Select(pair => pair.Key).Union(two.Select(pair => pair.Key)).All(key => Same(one[key], two[key])),
        (JsonArray one, JsonArray two) => one.Count == two.Count && one.Zip(two).All(pair => Same(pair.First, pair.Second)),
        _ => JsonNode.DeepEquals(first, second),
    };

    public JsonNode? Merge(JsonNode? was, JsonNode? theirs, JsonNode? ours, string place)
    {
        if (Same(ours, was) || Same(theirs, ours))
            return theirs?.DeepClone();
        if (Same(theirs, was))
            return ours?.DeepClone();
        return (theirs, ours) switch
        {
            (JsonObject mine, JsonObject its) when !IsExpression(mine) || IsObjectExpression(was, mine, its) => MergeObjects(was as JsonObject ?? [], mine, its, place),
            (JsonArray mine, JsonArray its) => MergeLists(was as JsonArray ?? [], mine, its, place),
            _ => Conflict(was, theirs, ours, place),
        };
    }

    public JsonObject MergeObjects(JsonObject was, JsonObject theirs, JsonObject ours, string place)
    {
        var merged = new JsonObject();
        foreach (var key in theirs.Select(pair => pair.Key).Union(ours.Select(pair => pair.Key)))
        {
            var value = TheirsAlways.Contains(key) && !Same(theirs[key], was[key]) ? theirs[key]?.DeepClone() : Merge(was[key], theirs[key], ours[key], $"{place}, {key}");
            if (value is not null || theirs.ContainsKey(key) || !was.ContainsKey(key))
                merged[key] = value;
        }
        return merged;
    }

    public JsonArray MergeLists(JsonArray was, JsonArray theirs, JsonArray ours, string place)
    {
        var merged = new List<JsonNode?>();
        foreach (var item in theirs)
        {
            var (old, its) = (Find(was, Key(item)), Find(ours, Key(item)));
            if (its is null && old is not null && Same(item, old))
                continue; // the promotion takes back what it gave
            merged.Add(its is null && old is null ? item?.DeepClone() : Merge(old, item, its, $"{place} {Key(item)}"));
        }
        for (int index = 0; index < ours.Count; index++)
            if (Find(theirs, Key(ours[index])) is null && !Same(Find(was, Key(ours[index])), ours[index]))
                merged.Insert(PlaceAfter(merged, ours, index), Merge(Find(was, Key(ours[index])), null, ours[index], $"{place} {Key(ours[index])}"));
        return new([.. merged.Where(item => item is not null)]);
    }

    /// <summary>What an item of a list is known by.</summary>
    public static string Key(JsonNode? item) => item switch
    {
        JsonObject named when (named["id"] ?? named["name"]) is { } name => name.ToString(),
        JsonValue text when text.GetValueKind() == JsonValueKind.String => text.GetValue<string>(),
        _ => item?.ToJsonString() ?? "null",
    };

    public static JsonNode? Find(JsonArray list, string key) => list.FirstOrDefault(item => Key(item) == key);

    /// <summary>Where an item of <paramref name="ours"/> belongs in <paramref name="merged"/>: behind the nearest one before it.</summary>
    public static int PlaceAfter(List<JsonNode?> merged, JsonArray ours, int index)
    {
        for (int before = index - 1; before >= 0; before--)
            if (merged.FindIndex(item => Key(item) == Key(ours[before])) is >= 0 and var place)
                return place + 1;
        return index == 0 ? 0 : merged.Count;
    }

    private static bool IsExpression(JsonObject value) => value.ContainsKey("type") && value.ContainsKey("value");

    // Parameters and step inputs are merged name by name; any other expression is one thing.
    private static bool IsObjectExpression(JsonNode? was, params JsonObject[] sides) =>
        sides.All(side => (string?)side["type"] == "Object" && side["value"] is JsonObject or JsonArray) && (was is null || (string?)was["type"] == "Object");

    private JsonNode? Conflict(JsonNode? was, JsonNode? theirs, JsonNode? ours, string place)
    {
        Conflicts.Add($"{place}: the definition says {Text(theirs)}, the notebook {Text(ours)}, and the last promotion said {Text(was)}");
        return theirs?.DeepClone();
    }

    private static string Text(JsonNode? node)
    {
        var text = node?.ToJsonString(NotebookPromoter.Compact) ?? "nothing";
        return text.Length <= LongestText ? text : text[..LongestText] + "...";
    }
}
