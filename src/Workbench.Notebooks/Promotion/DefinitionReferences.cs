using System.Text.Json.Nodes;

namespace Workbench.Notebooks.Promotion;

/// <summary>What activities read: variables and workflow inputs that a promotion takes away must not be missing to the designer's.</summary>
internal static class DefinitionReferences
{
    /// <summary>
    /// Keeps the variables that an activity of the designer still sets, and adds a conflict for each activity that reads
    /// what <paramref name="was"/> gave and <paramref name="ours"/> no longer does.
    /// </summary>
    public static void KeepUsed(JsonObject merged, JsonObject was, JsonObject ours, List<string> conflicts)
    {
        var activities = (merged["root"]?["activities"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        foreach (var name in Names(was, "variables").Except(Names(ours, "variables")))
            if (activities.Exists(activity => Sets(activity, name)))
                (merged["variables"] as JsonArray)?.Add(JsonMerge.Find(was["variables"]!.AsArray(), name)?.DeepClone()); // Names found it there
            else
                AddReaders(activities, "Variable", name, conflicts);
        foreach (var name in Names(was, "inputs").Except(Names(ours, "inputs")))
            AddReaders(activities, "Input", name, conflicts);
    }

    private static void AddReaders(List<JsonObject> activities, string kind, string name, List<string> conflicts)
    {
        foreach (var activity in activities.Where(activity => activity.Any(property => property.Value is JsonObject value && value["expression"] is JsonObject expression && Reads(expression, kind, name))))
            conflicts.Add($"activity '{JsonMerge.Key(activity)}' reads the {kind.ToLowerInvariant()} '{name}', which the notebook no longer has");
    }

    private static IEnumerable<string> Names(JsonObject definition, string list) => (definition[list] as JsonArray ?? []).OfType<JsonObject>().Select(item => (string?)item["name"] ?? "");

    private static bool Sets(JsonObject activity, string variable) =>
        activity.Any(property => property.Value is JsonObject value && value["expression"] is null && (string?)value["memoryReference"]?["id"] == variable)
        || (activity["variable"] is { } set && Name(set) == variable);

    private static bool Reads(JsonObject expression, string kind, string name) =>
        ((string?)expression["type"] == kind && Name(expression["value"]) == name) || Mentions(expression["value"], "$" + kind.ToLowerInvariant(), name);

    private static bool Mentions(JsonNode? node, string marker, string name) => node switch
    {
        JsonObject { Count: 1 } reference when reference[marker] is JsonValue value => value.ToString() == name,
        JsonObject json => json.Any(pair => Mentions(pair.Value, marker, name)),
        JsonArray list => list.Any(item => Mentions(item, marker, name)),
        _ => false,
    };

    private static string? Name(JsonNode? reference) => reference is JsonObject named ? (named["id"] ?? named["name"])?.ToString() : reference?.ToString();
}
