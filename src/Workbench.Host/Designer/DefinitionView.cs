using System.Text.Json.Nodes;
using Workbench.Workflows.Model;

namespace Workbench.Host.Designer;

/// <summary>Definitions as Elsa's client reads them.</summary>
internal static class DefinitionView
{
    private const string ToolVersion = "3.8.2.0";
    private static readonly IReadOnlyList<string> Rights =
        ["self", "publish", "retract", "delete", "execute", "dispatch", "export", "update", "revert", "bulk-publish", "bulk-retract", "bulk-delete"];

    /// <summary>All of one version. Activities that have no place on the canvas are given one.</summary>
    public static JsonObject Full(WorkflowDefinition definition)
    {
        var json = JsonNode.Parse(definition.ToJson())!.AsObject(); // ToJson writes an object.
        Complete(json, definition);
        foreach (var name in (string[])["variables", "inputs", "outputs", "outcomes"])
            json[name] ??= new JsonArray();
        foreach (var name in (string[])["customProperties", "options"])
            json[name] ??= new JsonObject();
        foreach (var input in json["inputs"]!.AsArray().OfType<JsonObject>())
            input["uiHint"] ??= "singleline";
        var root = json["root"]!.AsObject(); // A definition always has a root.
        NameVariables(root, definition);
        DefinitionLayout.Place(root);
        return json;
    }

    /// <summary>What a list shows of one version.</summary>
    public static JsonObject Summary(WorkflowDefinition definition)
    {
        var json = new JsonObject
        {
            ["id"] = definition.Id, ["definitionId"] = definition.DefinitionId, ["version"] = definition.Version, ["createdAt"] = definition.CreatedAt,
            ["description"] = definition.Description, ["isLatest"] = definition.IsLatest, ["isPublished"] = definition.IsPublished, ["isMaterializerAvailable"] = true,
        };
        Complete(json, definition);
        return json;
    }

    /// <summary>What the user may do: the designer offers only that. One key opens everything today.</summary>
    public static JsonArray Links(string? definitionId = null) =>
        new([.. Rights.Select(right => (JsonNode)new JsonObject { ["href"] = $"/workflow-definitions/{definitionId}/{right}", ["rel"] = right, ["method"] = "POST" })]);

    // The variable picker knows a variable by its record; a definition that was written by hand names it.
    private static void NameVariables(JsonObject root, WorkflowDefinition definition)
    {
        foreach (var input in root["activities"]!.AsArray().OfType<JsonObject>().SelectMany(activity => activity.Select(pair => pair.Value)).OfType<JsonObject>())
            if (input["expression"] is JsonObject expression && DesignerJson.Text(expression["type"]) == Expression.Variable && DesignerJson.Text(expression["value"]) is { } name
                && definition.AllVariables.FirstOrDefault(variable => variable.Id == name || variable.Name == name) is { } known)
                expression["value"] = new JsonObject { ["id"] = known.Id, ["name"] = known.Name, ["typeName"] = known.TypeName, ["isArray"] = known.IsArray };
    }

    private static void Complete(JsonObject json, WorkflowDefinition definition)
    {
        json["name"] = definition.Name.Length > 0 ? definition.Name : definition.DefinitionId;
        json["toolVersion"] ??= ToolVersion;
        json["materializerName"] = "Json";
        json["isReadonly"] ??= false;
        json["links"] = Links(definition.DefinitionId);
    }
}
