using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Workflows.Model;
using Workbench.Workflows.Triggers;
using Workbench.Workflows.Validation;

namespace Workbench.Host.Triggers;

/// <summary>What is wrong with the options of the entries in <c>customProperties.triggers</c>; their policies are the engine's to check.</summary>
internal static class TriggerEntryRules
{
    private const string Rule = "trigger";
    private static readonly IReadOnlyList<string> Common = ["type", "id", "misfire", "misfireLimit", "overlap", "dedupe", "payloadInput", "inputs"];

    public static IEnumerable<Finding> Check(WorkflowDefinition definition)
    {
        foreach (var entry in (definition.CustomProperties?["triggers"] as JsonArray ?? []).OfType<JsonObject>())
            if (entry["type"] is JsonValue value && value.TryGetValue(out string? type) && type.Length > 0)
                foreach (var finding in Check(entry, type))
                    yield return finding;
    }

    private static IEnumerable<Finding> Check(JsonObject entry, string type)
    {
        var name = entry["id"] is JsonValue value && value.TryGetValue(out string? id) ? id : type;
        var reader = new EntryReader(entry);
        if (Read(reader, type) is not { } names)
            return [Error(name, $"type is '{type}'.{Suggestion.DidYouMean(type, TriggerKinds.Entries)} Known: {string.Join(", ", TriggerKinds.Entries)}. Schedules, requests and events are start activities.")];
        IReadOnlyList<string> known = [.. Common, .. names];
        return reader.Problems.Select(problem => Error(name, problem))
            .Concat(entry.Select(pair => pair.Key).Where(key => !known.Contains(key))
                .Select(key => new Finding(FindingSeverity.Warning, Rule, null, null, $"Trigger '{name}' has '{key}', which means nothing to it.{Suggestion.DidYouMean(key, known)} Known: {string.Join(", ", known)}.")));
    }

    /// <summary>Names of the type's own options, once they are read; null for an unknown type.</summary>
    private static IReadOnlyList<string>? Read(EntryReader reader, string type)
    {
        switch (type)
        {
            case TriggerKinds.NewData:
                NewDataOptions.Read(reader);
                return NewDataOptions.Names;
            case TriggerKinds.Webhook:
                WebhookOptions.Read(reader);
                return WebhookOptions.Names;
            case TriggerKinds.Drift:
                DriftTriggerOptions.Read(reader);
                return DriftTriggerOptions.Names;
            case TriggerKinds.Alert or TriggerKinds.Metric when type == TriggerKinds.Alert || reader.Has("rule"):
                reader.Required("rule", "the name of the alert rule in monitoring.json");
                return ["rule"];
            case TriggerKinds.Metric:
                MetricOptions.Read(reader);
                return MetricOptions.Names;
            default:
                return type == TriggerTypes.WorkflowEnd ? ["workflow", "status"] : null;
        }
    }

    private static Finding Error(string name, string message) => new(FindingSeverity.Error, Rule, null, null, $"Trigger '{name}': {message}");
}
