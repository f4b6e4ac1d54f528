using System.Text.Json.Nodes;
using Workbench.Workflows.Triggers;

namespace Workbench.Workflows.Storage;

/// <summary>
/// Something that starts runs of a published definition, with what is known of it. <see cref="ActivityId"/> names the start
/// activity, or is null for an entry of <c>customProperties.triggers</c>; <see cref="Config"/> holds the activity's inputs beside
/// its customProperties (for example <c>cronExpression</c> and <c>timeZone</c>), or the entry.
/// </summary>
public sealed record WorkflowTrigger
{
    /// <summary>Workflow and name, such as <c>churn-retrain:nightly</c>; the same in every version.</summary>
    public required string Id { get; init; }
    /// <summary>Id of the workflow.</summary>
    public required string DefinitionId { get; init; }
    /// <summary>The version that was published last.</summary>
    public required int Version { get; init; }
    /// <summary>The start activity's id, or the entry's <c>id</c>, which is its type unless given.</summary>
    public required string Name { get; init; }
    /// <summary>The start activity, or null.</summary>
    public string? ActivityId { get; init; }
    /// <summary>The activity's type, or the entry's.</summary>
    public required string Type { get; init; }
    /// <summary>The activity's inputs and customProperties, or the entry.</summary>
    public required JsonObject Config { get; init; }
    /// <summary>Whether a version is published now.</summary>
    public required bool IsActive { get; init; }
    /// <summary>Since when what happens counts: when it was published, changed or resumed.</summary>
    public required DateTimeOffset ActiveSince { get; init; }
    /// <summary>Whether it starts nothing until it is resumed.</summary>
    public bool IsPaused { get; init; }
    /// <summary>Who paused it, or null.</summary>
    public string? PausedBy { get; init; }
    /// <summary>When it was paused, or null.</summary>
    public DateTimeOffset? PausedAt { get; init; }
    /// <summary>The next moment of its schedule, which lies in the past while it is paused or no host is up; null without.</summary>
    public DateTimeOffset? NextAt { get; init; }
    /// <summary>What its source remembers; null before its first look.</summary>
    public JsonObject? Seen { get; init; }
    /// <summary>When it last started a run, or null.</summary>
    public DateTimeOffset? LastFiredAt { get; init; }
    /// <summary>Why it last started a run, or null.</summary>
    public string? LastReason { get; init; }
    /// <summary>The run that it started last, or null.</summary>
    public string? LastRunId { get; init; }
    /// <summary>How often it started no run although something had happened: missed, overlapping, or another trigger's run stood for it.</summary>
    public long SkippedCount { get; init; }
    /// <summary>When it last skipped, or null.</summary>
    public DateTimeOffset? LastSkippedAt { get; init; }
    /// <summary>Why it last skipped, or null.</summary>
    public string? LastSkipReason { get; init; }
    /// <summary>When it last could not start a run, or null; a run that it starts clears it.</summary>
    public DateTimeOffset? FailedAt { get; init; }
    /// <summary>Why it could not, or null.</summary>
    public string? Failure { get; init; }
    /// <summary>When it was published first.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Its policies.</summary>
    public TriggerSettings Settings => field ??= TriggerSettings.Read(Config);
    /// <summary>Its schedule, or null when it has none.</summary>
    public TriggerSchedule? Schedule => field ??= TriggerSchedule.Read(Type, Config);

    /// <summary>The next moments at which it fires, at most <paramref name="count"/>; none while it is paused or inactive.</summary>
    public IReadOnlyList<DateTimeOffset> NextFireTimes(int count) => IsActive && !IsPaused ? Schedule?.Upcoming(NextAt, count) ?? [] : [];
}
