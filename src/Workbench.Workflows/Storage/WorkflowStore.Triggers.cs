using System.Text.Json.Nodes;
using Workbench.Workflows.Model;

namespace Workbench.Workflows.Storage;

public sealed partial class WorkflowStore
{
    /// <summary>
    /// The triggers of all published definitions: activities that a run may start at and whose type is one of <paramref name="activityTypes"/>
    /// (for example <c>Elsa.Cron</c>), and the objects of <c>customProperties.triggers</c>.
    /// </summary>
    public async Task<IReadOnlyList<WorkflowTrigger>> ListTriggersAsync(
        IReadOnlyCollection<string> activityTypes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(activityTypes);
        var published = await ListAsync("where is_published = 1 order by definition_id", new { }, cancellationToken);
        return [.. published.SelectMany(definition => ActivityTriggers(definition, activityTypes).Concat(CustomTriggers(definition)))];
    }

    private static IEnumerable<WorkflowTrigger> ActivityTriggers(WorkflowDefinition definition, IReadOnlyCollection<string> activityTypes) =>
        from activity in definition.Root.Activities
        where activityTypes.Contains(activity.Type)
            && (activity.CanStartWorkflow || definition.Root.Connections.All(edge => edge.Target.Activity != activity.Id))
        select new WorkflowTrigger(definition.DefinitionId, definition.Version, activity.Type, activity.Id, Config(activity));

    private static JsonObject Config(Activity activity)
    {
        var config = activity.CustomProperties?.DeepClone().AsObject() ?? [];
        foreach (var input in activity.Inputs)
            config[input.Name] = input.Expression.Value?.DeepClone();
        return config;
    }

    private static IEnumerable<WorkflowTrigger> CustomTriggers(WorkflowDefinition definition) =>
        from entry in (definition.CustomProperties?["triggers"] as JsonArray ?? []).OfType<JsonObject>()
        let type = WorkflowJson.Text(entry["type"])
        where type is not null
        select new WorkflowTrigger(definition.DefinitionId, definition.Version, type, null, (JsonObject)entry.DeepClone());
}
