using System.Text.Json.Nodes;

namespace Workbench.Host.BrowserTests;

/// <summary>Definitions as Elsa's client sends them.</summary>
internal static class Pipeline
{
    public static JsonObject Empty(string id) => Of(id);

    public static JsonObject Of(string id, params JsonObject[] activities) => new()
    {
        ["definitionId"] = id, ["name"] = id,
        ["variables"] = new JsonArray(new JsonObject { ["id"] = "candidate", ["name"] = "candidate", ["typeName"] = "Object", ["isArray"] = false }),
        ["root"] = new JsonObject { ["id"] = "Flowchart1", ["type"] = "Elsa.Flowchart", ["version"] = 1, ["name"] = "Flowchart1", ["activities"] = new JsonArray([.. activities]), ["connections"] = new JsonArray() },
    };

    public static JsonObject Activity(string id, string type, int x, int y, params (string Input, string Value)[] inputs)
    {
        var activity = new JsonObject
        {
            ["id"] = id, ["name"] = id, ["type"] = type, ["version"] = 1,
            ["metadata"] = new JsonObject { ["designer"] = new JsonObject { ["position"] = new JsonObject { ["x"] = x, ["y"] = y }, ["size"] = new JsonObject { ["width"] = 200, ["height"] = 54 } } },
        };
        foreach (var (input, value) in inputs)
            activity[input] = new JsonObject { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = value } };
        return activity;
    }

    public static JsonObject Connect(this JsonObject definition, string from, string to, string outcome = "Done")
    {
        definition["root"]!["connections"]!.AsArray().Add(new JsonObject
        {
            ["source"] = new JsonObject { ["activity"] = from, ["port"] = outcome }, ["target"] = new JsonObject { ["activity"] = to, ["port"] = "In" }, ["vertices"] = new JsonArray(),
        });
        return definition;
    }
}
