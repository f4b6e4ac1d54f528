using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Workbench.Workflows.Model;

/// <summary>One node of a flowchart. Its inputs and outputs are camelCase properties beside the known ones.</summary>
public sealed record Activity : JsonRecord
{
    /// <summary>Id within the workflow.</summary>
    public string Id { get; init => field = value ?? ""; } = "";
    /// <summary>Path of ids from the workflow; rewritten on save.</summary>
    public string? NodeId { get; init; }
    /// <summary>Name for people, or null.</summary>
    public string? Name { get; init; }
    /// <summary>Type name, for example <c>Elsa.FlowDecision</c>.</summary>
    public string Type { get; init => field = value ?? ""; } = "";
    /// <summary>Version of the activity type.</summary>
    public int Version { get; init; } = 1;
    /// <summary>Free properties: <c>canStartWorkflow</c>, and ours <c>maxAttempts</c>, <c>retryDelay</c>, <c>timeout</c>.</summary>
    public JsonObject? CustomProperties { get; init; }
    /// <summary>What the designer keeps, for example the position.</summary>
    public JsonObject? Metadata { get; init; }

    // An ignored property swallows what JSON has under its name: the names with $ leave "label" and others to inputs.

    /// <summary>Name for messages: the name, or the id.</summary>
    [JsonIgnore, JsonPropertyName("$label")]
    public string Label => Name is { Length: > 0 } name ? name : Id;

    /// <summary>Whether a run may start here.</summary>
    [JsonIgnore, JsonPropertyName("$canStartWorkflow")]
    public bool CanStartWorkflow => CustomProperties?["canStartWorkflow"] is JsonValue value && value.TryGetValue<bool>(out var can) && can;

    /// <summary>The inputs that have an expression, in their listed order.</summary>
    [JsonIgnore, JsonPropertyName("$inputs")]
    public IEnumerable<ActivityInput> Inputs =>
        from property in Properties
        where property.Value is JsonObject value && value["expression"] is JsonObject
        select ToInput(property.Key, (JsonObject)property.Value!);

    /// <summary>The outputs that are bound to a variable, in their listed order.</summary>
    [JsonIgnore, JsonPropertyName("$outputs")]
    public IEnumerable<ActivityOutput> Outputs =>
        from property in Properties
        let value = property.Value as JsonObject
        where value is not null && value["expression"] is null
        let variable = WorkflowJson.Text((value["memoryReference"] as JsonObject)?["id"])
        where variable is not null
        select new ActivityOutput(property.Key, WorkflowJson.Text(value["typeName"]) ?? "Object", variable);

    /// <summary>The input of that name, whatever its case, or null when it has no expression.</summary>
    public ActivityInput? Input(string name)
    {
        var input = Inputs.FirstOrDefault(input => string.Equals(input.Name, name, StringComparison.OrdinalIgnoreCase));
        return input;
    }

    private static ActivityInput ToInput(string name, JsonObject value)
    {
        var expression = (JsonObject)value["expression"]!; // Inputs selects only properties whose expression is an object.
        return new(name, WorkflowJson.Text(value["typeName"]) ?? "Object", Expression.From(expression));
    }
}
