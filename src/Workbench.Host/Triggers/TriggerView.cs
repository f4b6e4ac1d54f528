using System.Text.Json.Nodes;
using Workbench.Workflows.Storage;

namespace Workbench.Host.Triggers;

/// <summary>A trigger as the API, the pages and the command line show it.</summary>
/// <param name="Id">Workflow and name, such as churn-retrain:nightly.</param>
/// <param name="Workflow">Id of the workflow that it starts.</param>
/// <param name="Version">The published version.</param>
/// <param name="Name">Start activity or entry.</param>
/// <param name="Kind">cron, timer, startAt, http, event, workflow, newData, drift, metric, alert or webhook.</param>
/// <param name="When">What it waits for, in words.</param>
/// <param name="NextFireTimes">The next five moments of a schedule; empty for other kinds and while it is paused.</param>
/// <param name="IsPaused">Whether it starts nothing until it is resumed.</param>
/// <param name="PausedBy">Who paused it, or null.</param>
/// <param name="PausedAt">When, or null.</param>
/// <param name="Misfire">once, all or none.</param>
/// <param name="Overlap">queue, skip or replace.</param>
/// <param name="Dedupe">minute or none.</param>
/// <param name="LastFiredAt">When it last started a run, or null.</param>
/// <param name="LastReason">Why, or null.</param>
/// <param name="LastRunId">That run, or null.</param>
/// <param name="SkippedCount">How often something had happened and no run was started.</param>
/// <param name="LastSkippedAt">When last, or null.</param>
/// <param name="LastSkipReason">Why, or null.</param>
/// <param name="FailedAt">When it last could not start a run, or null; the next run clears it.</param>
/// <param name="Failure">Why, or null.</param>
/// <param name="Config">All that the definition says of it.</param>
internal sealed record TriggerView(
    string Id, string Workflow, int Version, string Name, string Kind, string When, IReadOnlyList<DateTimeOffset> NextFireTimes,
    bool IsPaused, string? PausedBy, DateTimeOffset? PausedAt, string Misfire, string Overlap, string Dedupe,
    DateTimeOffset? LastFiredAt, string? LastReason, string? LastRunId, long SkippedCount, DateTimeOffset? LastSkippedAt, string? LastSkipReason,
    DateTimeOffset? FailedAt, string? Failure, JsonObject Config)
{
    private const int ShownMoments = 5;

    public static TriggerView Of(WorkflowTrigger trigger) => new(
        trigger.Id, trigger.DefinitionId, trigger.Version, trigger.Name, TriggerKinds.Of(trigger), TriggerText.When(trigger), trigger.NextFireTimes(ShownMoments),
        trigger.IsPaused, trigger.PausedBy, trigger.PausedAt, Lower(trigger.Settings.Misfire), Lower(trigger.Settings.Overlap), TriggerKinds.Dedupes(trigger) ? "minute" : "none",
        trigger.LastFiredAt, trigger.LastReason, trigger.LastRunId, trigger.SkippedCount, trigger.LastSkippedAt, trigger.LastSkipReason,
        trigger.FailedAt, trigger.Failure, trigger.Config);

    private static string Lower(Enum value) => value.ToString().ToLowerInvariant();
}
