using System.Text.Json.Nodes;
using Workbench.Workflows.Model;

namespace Workbench.Workflows.Triggers;

/// <summary>A trigger as its definition has it. <see cref="ActivityId"/> is null for an entry of <c>customProperties.triggers</c>.</summary>
internal sealed record TriggerSpec(string Name, string? ActivityId, string Type, JsonObject Config)
{
    /// <summary>The same trigger has the same id in every version.</summary>
    public static string IdOf(string definitionId, string name) => $"{Uri.EscapeDataString(definitionId)}:{Uri.EscapeDataString(name)}";

    /// <summary>Start activities of trigger types first, then the entries; what is no entry is left out, validation reports it.</summary>
    public static IReadOnlyList<TriggerSpec> Of(WorkflowDefinition definition)
    {
        List<TriggerSpec> specs = [.. Activities(definition)];
        foreach (var entry in Entries(definition).OfType<JsonObject>())
            if (WorkflowJson.Text(entry["type"]) is { Length: > 0 } type)
                specs.Add(new(FreeName(WorkflowJson.Text(entry["id"]) is { Length: > 0 } id ? id : type, specs), null, type, (JsonObject)entry.DeepClone()));
        return specs;
    }

    /// <summary>The list <c>customProperties.triggers</c>, whatever is in it.</summary>
    public static IEnumerable<JsonNode?> Entries(WorkflowDefinition definition) => definition.CustomProperties?["triggers"] as JsonArray ?? [];

    /// <summary>The activity's inputs beside its customProperties.</summary>
    public static JsonObject ConfigOf(Activity activity)
    {
        var config = activity.CustomProperties?.DeepClone().AsObject() ?? [];
        foreach (var input in activity.Inputs)
            config[input.Name] = input.Expression.Value?.DeepClone();
        return config;
    }

    private static IEnumerable<TriggerSpec> Activities(WorkflowDefinition definition) =>
        from activity in definition.Root.Activities.DistinctBy(activity => activity.Id)
        where TriggerTypes.Activities.Contains(activity.Type)
            && (activity.CanStartWorkflow || definition.Root.Connections.All(edge => edge.Target.Activity != activity.Id))
        select new TriggerSpec(activity.Id, activity.Id, activity.Type, ConfigOf(activity));

    // "drift", then "drift-2".
    private static string FreeName(string name, List<TriggerSpec> taken)
    {
        var free = name;
        for (var number = 2; taken.Any(spec => spec.Name == free); number++)
            free = $"{name}-{number}";
        return free;
    }
}
