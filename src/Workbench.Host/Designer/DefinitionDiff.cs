using System.Text.Json.Nodes;
using Workbench.Workflows.Model;

namespace Workbench.Host.Designer;

/// <summary>
/// What a run of one definition would do otherwise than a run of another: activities by their id, connections by their ends and
/// outcome, values of inputs one by one. Where things lie on the canvas is counted, not listed.
/// </summary>
internal sealed record DefinitionDiff(IReadOnlyList<DefinitionChange> Changes, int MovedActivities)
{
    // Rewritten on save, or of the canvas.
    private static readonly IReadOnlyList<string> NotCompared = ["id", "nodeId", "metadata", "memoryReference"];

    public static DefinitionDiff Compare(WorkflowDefinition before, WorkflowDefinition after)
    {
        var changes = new List<DefinitionChange>();
        changes.AddRange(Properties("workflow", after.DefinitionId, Workflow(before), Workflow(after)));
        changes.AddRange(Parts("input", Named(before, "inputs", "name"), Named(after, "inputs", "name")));
        changes.AddRange(Parts("variable", Named(before, "variables", "id"), Named(after, "variables", "id")));
        var (old, now) = (Activities(before), Activities(after));
        changes.AddRange(Parts("activity", old, now));
        changes.AddRange(Connections(before, after));
        return new(changes, now.Count(pair => old.TryGetValue(pair.Key, out var one) && !JsonNode.DeepEquals(Place(one), Place(pair.Value))));
    }

    private static IEnumerable<DefinitionChange> Parts(string subject, Dictionary<string, JsonObject> before, Dictionary<string, JsonObject> after) =>
    [
        .. before.Where(pair => !after.ContainsKey(pair.Key)).Select(pair => new DefinitionChange(ChangeKind.Removed, subject, Label(pair))),
        .. after.Where(pair => !before.ContainsKey(pair.Key)).Select(pair => new DefinitionChange(ChangeKind.Added, subject, Label(pair))),
        .. after.Where(pair => before.ContainsKey(pair.Key)).SelectMany(pair => Properties(subject, Label(pair), before[pair.Key], pair.Value)),
    ];

    private static IEnumerable<DefinitionChange> Properties(string subject, string name, JsonObject before, JsonObject after) =>
        from property in before.Select(pair => pair.Key).Union(after.Select(pair => pair.Key))
        where !NotCompared.Contains(property)
        from change in Values(property, before[property], after[property])
        select new DefinitionChange(ChangeKind.Changed, subject, name, change.Path, change.Before, change.After);

    // An input is compared by its expression; other objects property by property.
    private static IEnumerable<(string Path, JsonNode? Before, JsonNode? After)> Values(string path, JsonNode? before, JsonNode? after)
    {
        if (JsonNode.DeepEquals(before, after))
            return [];
        if (before?["expression"] is JsonObject || after?["expression"] is JsonObject)
            return JsonNode.DeepEquals(Value(before), Value(after)) ? [] : [(path, Value(before), Value(after))];
        if (before is JsonObject old && after is JsonObject now)
            return old.Select(pair => pair.Key).Union(now.Select(pair => pair.Key)).SelectMany(key => Values($"{path}.{key}", old[key], now[key]));
        return [(path, before, after)];
    }

    // A literal is its value; other expressions say their kind as well.
    private static JsonNode? Value(JsonNode? input) => input is JsonObject given && given["expression"] is JsonObject expression
        ? DesignerJson.Text(expression["type"]) is null or Expression.Literal ? expression["value"] : new JsonObject { [(string)expression["type"]!] = expression["value"]?.DeepClone() }
        : input;

    private static IEnumerable<DefinitionChange> Connections(WorkflowDefinition before, WorkflowDefinition after)
    {
        var (old, now) = (before.Root.Connections.Select(edge => edge.Key).ToHashSet(), after.Root.Connections.Select(edge => edge.Key).ToHashSet());
        return old.Except(now).Select(edge => new DefinitionChange(ChangeKind.Removed, "connection", edge))
            .Concat(now.Except(old).Select(edge => new DefinitionChange(ChangeKind.Added, "connection", edge)));
    }

    private static JsonObject Workflow(WorkflowDefinition definition)
    {
        var json = Json(definition);
        var kept = new JsonObject();
        foreach (var name in (string[])["name", "description", "options", "outputs", "outcomes", "customProperties"])
            if (json[name] is { } value && value is not (JsonObject { Count: 0 } or JsonArray { Count: 0 }))
                kept[name] = value.DeepClone();
        // The designer writes options that nobody set.
        foreach (var (name, value) in (kept["options"] as JsonObject)?.ToList() ?? [])
            if (value is null || value.GetValueKind() == System.Text.Json.JsonValueKind.False)
                kept["options"]!.AsObject().Remove(name);
        if (kept["options"] is JsonObject { Count: 0 })
            kept.Remove("options");
        return kept;
    }

    private static Dictionary<string, JsonObject> Named(WorkflowDefinition definition, string list, string key) => ById(Json(definition)[list], key);

    private static Dictionary<string, JsonObject> Activities(WorkflowDefinition definition) => ById(Json(definition)["root"]?["activities"], "id");

    private static Dictionary<string, JsonObject> ById(JsonNode? list, string key)
    {
        var parts = new Dictionary<string, JsonObject>();
        foreach (var part in (list as JsonArray ?? []).OfType<JsonObject>())
            parts[DesignerJson.Text(part[key]) ?? ""] = part;
        return parts;
    }

    private static string Label(KeyValuePair<string, JsonObject> part) => DesignerJson.Text(part.Value["name"]) ?? part.Key;

    private static JsonNode? Place(JsonObject activity) => activity["metadata"]?["designer"]?["position"];

    private static JsonObject Json(WorkflowDefinition definition) => JsonNode.Parse(definition.ToJson())!.AsObject(); // ToJson writes an object.
}
