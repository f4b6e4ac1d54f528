using System.Text.Json.Nodes;
using Workbench.Workflows.Model;

namespace Workbench.Workflows;

/// <summary>Definitions for tests: steps of type Test.Work, the engine's own activities, and edges written "a -> b" or "d:True -> b".</summary>
internal sealed class FlowBuilder
{
    private readonly JsonArray _activities = [];
    private readonly JsonArray _connections = [];
    private readonly JsonArray _variables = [];
    private readonly JsonArray _inputs = [];
    private JsonObject? _options;
    private JsonObject? _custom;

    public FlowBuilder Steps(params string[] ids)
    {
        foreach (var id in ids)
            Activity(id, "Test.Work");
        return this;
    }

    public FlowBuilder Activity(string id, string type, params (string Name, JsonNode? Value)[] properties)
    {
        var activity = new JsonObject { ["id"] = id, ["name"] = id, ["type"] = type, ["version"] = 1 };
        foreach (var (name, value) in properties)
            activity[name] = value;
        _activities.Add(activity);
        return this;
    }

    public FlowBuilder Decision(string id, string variable) => Activity(id, "Elsa.FlowDecision", ("condition", Value("Boolean", "Variable", variable)));

    public FlowBuilder Join(string id, string? mode) =>
        mode is null ? Activity(id, "Elsa.FlowJoin") : Activity(id, "Elsa.FlowJoin", ("mode", Value("String", "Literal", mode)));

    public FlowBuilder Variable(string name, string type, JsonNode? value = null)
    {
        _variables.Add(new JsonObject { ["id"] = name, ["name"] = name, ["typeName"] = type, ["value"] = value });
        return this;
    }

    public FlowBuilder Input(string name, string type, JsonNode? defaultValue = null, bool isRequired = false)
    {
        _inputs.Add(new JsonObject { ["name"] = name, ["type"] = type, ["defaultValue"] = defaultValue, ["isRequired"] = isRequired });
        return this;
    }

    /// <summary>Edges separated by commas; chains "a -> b -> c" are allowed.</summary>
    public FlowBuilder Edges(string text)
    {
        foreach (var chain in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var ends = chain.Split("->", StringSplitOptions.TrimEntries);
            foreach (var (source, target) in ends.Zip(ends.Skip(1)))
                Edge(source, target);
        }
        return this;
    }

    /// <summary>A setting of the workflow, in its customProperties.</summary>
    public FlowBuilder Setting(string name, JsonNode value)
    {
        (_custom ??= [])[name] = value;
        return this;
    }

    /// <summary>A step of type Test.Work with settings in its customProperties.</summary>
    public FlowBuilder Step(string id, params (string Name, JsonNode? Value)[] settings) => Activity(id, "Test.Work",
        ("customProperties", new JsonObject(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value)))));

    public FlowBuilder ContinueWithIncidents()
    {
        _options = new() { ["incidentStrategyType"] = "Elsa.Workflows.IncidentStrategies.ContinueWithIncidentsStrategy, Elsa.Workflows.Core" };
        return this;
    }

    public WorkflowDefinition Build(string id = "flow") => WorkflowDefinition.Parse(new JsonObject
    {
        ["definitionId"] = id,
        ["name"] = id,
        ["options"] = _options,
        ["customProperties"] = _custom,
        ["variables"] = _variables,
        ["inputs"] = _inputs,
        ["root"] = new JsonObject { ["id"] = "Flowchart1", ["type"] = "Elsa.Flowchart", ["version"] = 1, ["activities"] = _activities, ["connections"] = _connections },
    });

    public static JsonObject Value(string typeName, string expression, JsonNode? value) =>
        new() { ["typeName"] = typeName, ["expression"] = new JsonObject { ["type"] = expression, ["value"] = value } };

    public static JsonObject Output(string variable) =>
        new() { ["typeName"] = "Object", ["memoryReference"] = new JsonObject { ["id"] = variable } };

    private void Edge(string source, string target)
    {
        var parts = source.Split(':');
        _connections.Add(new JsonObject
        {
            ["source"] = new JsonObject { ["activity"] = parts[0], ["port"] = parts.Length > 1 ? parts[1] : "Done" },
            ["target"] = new JsonObject { ["activity"] = target.Split(':')[0], ["port"] = "In" },
        });
    }
}
