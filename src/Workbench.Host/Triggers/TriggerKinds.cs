using Workbench.Workflows.Storage;
using Workbench.Workflows.Triggers;

namespace Workbench.Host.Triggers;

/// <summary>The kinds of triggers in one word each. Those of start activities are Elsa's, the others are types of entries in <c>customProperties.triggers</c>.</summary>
internal static class TriggerKinds
{
    public const string NewData = "newData";
    public const string Drift = "drift";
    public const string Metric = "metric";
    public const string Alert = "alert";
    public const string Webhook = "webhook";

    /// <summary>Types that an entry may have.</summary>
    public static IReadOnlyList<string> Entries { get; } = [NewData, Drift, Metric, Alert, Webhook, TriggerTypes.WorkflowEnd];

    /// <summary>The kind of a trigger. An entry "metric" that names a rule is an alert, as written before there were metric triggers.</summary>
    public static string Of(WorkflowTrigger trigger) => trigger.Type switch
    {
        TriggerTypes.Cron => "cron",
        TriggerTypes.Timer => "timer",
        TriggerTypes.StartAt => "startAt",
        TriggerTypes.HttpEndpoint => "http",
        TriggerTypes.Event => "event",
        Metric when trigger.Config["rule"] is not null => Alert,
        _ => trigger.Type,
    };

    /// <summary>Whether a run of another trigger in the same minute stands for this kind unless it says otherwise.</summary>
    public static bool Dedupes(WorkflowTrigger trigger) =>
        trigger.Settings.Dedupes ?? (trigger.Settings.PayloadInput is null && Of(trigger) is not ("http" or "event" or Webhook or TriggerTypes.WorkflowEnd));
}
