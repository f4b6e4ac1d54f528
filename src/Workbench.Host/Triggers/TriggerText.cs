using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Workflows.Storage;
using Workbench.Workflows.Triggers;

namespace Workbench.Host.Triggers;

/// <summary>What a trigger waits for, in words.</summary>
internal static class TriggerText
{
    /// <summary>Where requests of Elsa's HttpEndpoint activities arrive.</summary>
    public const string HttpPath = "/workflows";

    public static string When(WorkflowTrigger trigger)
    {
        var (config, reader) = (trigger.Config, new EntryReader(trigger.Config));
        return TriggerKinds.Of(trigger) switch
        {
            "http" => $"{string.Join(", ", Methods(config))} {HttpPath}/{Text(config, "path").Trim('/')}",
            "event" => $"event '{Text(config, "eventName")}'",
            TriggerTypes.WorkflowEnd => $"'{Text(config, "workflow")}' ends {(reader.Text("status") is { } status && status != "any" ? status : reader.Has("status") ? "in any way" : "finished")}",
            TriggerKinds.Webhook => $"POST {WebhookPath(trigger.Id)}",
            TriggerKinds.NewData => Words(NewDataOptions.Read(reader)),
            TriggerKinds.Drift => Words(DriftTriggerOptions.Read(reader)),
            TriggerKinds.Metric => Words(MetricOptions.Read(reader)),
            TriggerKinds.Alert => $"alert '{Text(config, "rule")}'",
            _ => trigger.Schedule?.Text ?? "a schedule that cannot be read",
        };
    }

    /// <summary>Path of a trigger's webhook.</summary>
    public static string WebhookPath(string triggerId) => $"/api/triggers/{Uri.EscapeDataString(triggerId).Replace("%3A", ":", StringComparison.Ordinal)}/webhook";

    private static string Words(NewDataOptions options) => $"new data in {options.Path}, unchanged for {options.Stable}";

    private static string Words(DriftTriggerOptions options) => options.Column is not { } column
        ? string.Create(CultureInfo.InvariantCulture, $"drift of {options.Model} in {options.Share:P0} of the columns or more")
        : options.Above is { } limit ? string.Create(CultureInfo.InvariantCulture, $"drift of {options.Model}'s column '{column}' at {limit:0.###} or more") : $"drift of {options.Model}'s column '{column}'";

    private static string Words(MetricOptions options) =>
        string.Create(CultureInfo.InvariantCulture, $"{options.Metric} of {options.Model} below {options.Below:0.###} over {options.Window} with {options.MinimumRows} labels or more");

    private static IReadOnlyList<string> Methods(JsonObject config) => config["supportedMethods"] switch
    {
        JsonArray { Count: > 0 } list => [.. list.Select(method => method?.ToString() ?? "")],
        JsonValue value when value.TryGetValue(out string? text) && text.Length > 0 => [.. text.Trim('[', ']').Split(',').Select(method => method.Trim(' ', '"'))],
        _ => ["GET"],
    };

    private static string Text(JsonObject config, string name) => config[name]?.ToString() ?? "";
}
