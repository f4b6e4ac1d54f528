using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Workflows.Model;

namespace Workbench.Workflows.Validation;

/// <summary>Writes into a definition what the designer leaves out: it saves a dropped activity without inputs.</summary>
public static class ActivityDefaults
{
    /// <summary>The definition with the default of every input that an activity of a known type does not have; what is given stays as it is.</summary>
    public static WorkflowDefinition FillIn(WorkflowDefinition definition, ActivityCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(catalog);
        var activities = definition.Root.Activities.Select(activity => FillIn(activity, catalog.Find(activity.Type))).ToList();
        return activities.SequenceEqual(definition.Root.Activities) ? definition : definition with { Root = definition.Root with { Activities = activities } };
    }

    private static Activity FillIn(Activity activity, ActivityDescriptor? descriptor)
    {
        var missing = (descriptor?.Inputs ?? [])
            .Where(input => input.IsWrapped && input.DefaultValue is not null && WorkflowJson.Find(activity.Properties, input.Name) is null).ToList();
        if (missing.Count == 0)
            return activity;
        var json = JsonSerializer.SerializeToNode(activity, WorkflowJson.Compact)!.AsObject(); // A record is written as an object.
        foreach (var input in missing)
        {
            var name = WorkflowJson.CamelCase(input.Name);
            json[name] = new JsonObject { ["typeName"] = input.TypeName, ["expression"] = Default(input.DefaultValue!) }; // Missing ones have a default.
        }
        return json.Deserialize<Activity>(WorkflowJson.Compact)!; // Written from one just above.
    }

    /// <summary>The designer edits lists and objects as JSON text.</summary>
    private static JsonObject Default(JsonNode value) => value is JsonValue
        ? new() { ["type"] = Expression.Literal, ["value"] = value.DeepClone() }
        : new() { ["type"] = Expression.Object, ["value"] = WorkflowJson.Write(value) };
}
