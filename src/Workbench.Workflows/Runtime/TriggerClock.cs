using System.Globalization;
using System.Text.Json.Nodes;
using Dapper;
using Workbench.Workflows.Storage;
using Workbench.Workflows.Triggers;

namespace Workbench.Workflows.Runtime;

/// <summary>Fires triggers whose moment has come, by the database's clock.</summary>
internal sealed class TriggerClock(WorkflowEngine engine)
{
    private const string Actor = "schedule";

    /// <summary>Fires what is due, of one trigger or of all. One that cannot fire does not hold up the others.</summary>
    public async Task<IReadOnlyList<TriggerOutcome>> FireDueAsync(string? triggerId, CancellationToken cancellationToken)
    {
        List<TriggerOutcome> outcomes = [];
        foreach (var id in await FindDueAsync(triggerId, cancellationToken))
            try
            {
                outcomes.AddRange(await engine.Firer.FireAsync(id, Decide, cancellationToken));
            }
            catch (WorkflowException failure) // Retracted or deleted in the meantime.
            {
                outcomes.Add(new(id, TriggerResult.Failed, null, failure.Message));
            }
        return outcomes;
    }

    /// <summary>What the moments that have passed since the last look make of the trigger.</summary>
    public static TriggerDecision Decide(WorkflowTrigger trigger, DateTimeOffset now)
    {
        if (trigger.IsPaused || !trigger.IsActive || trigger.Schedule is not { } schedule || trigger.NextAt is not { } next || next > now)
            return TriggerDecision.Nothing;
        var due = schedule.Due(next, now, DueMoments.Kept(trigger.Settings));
        var (fire, missed) = due.Choose(trigger.Settings.Misfire, now);
        return new()
        {
            Firings = [.. fire.Select((moment, index) => Firing(schedule, moment, index == fire.Count - 1 ? missed : 0))],
            Missed = missed, MissedReason = Missed(trigger.Settings, missed, now), HasMoved = true, NextAt = due.Following,
        };
    }

    private static TriggerFiring Firing(TriggerSchedule schedule, DateTimeOffset moment, long missed)
    {
        var words = TriggerSchedule.Words(moment);
        var reason = schedule.Text.EndsWith(words, StringComparison.Ordinal) ? $"schedule {schedule.Text}" : $"schedule {schedule.Text}, {words}";
        return new(missed == 0 ? reason : string.Create(CultureInfo.InvariantCulture, $"{reason}; {missed} earlier left out"), Actor)
        {
            Key = moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            Payload = new JsonObject { ["scheduledAt"] = moment.UtcDateTime, ["missed"] = missed },
        };
    }

    private static string? Missed(TriggerSettings settings, long missed, DateTimeOffset now) => missed == 0 ? null : string.Create(CultureInfo.InvariantCulture,
        $"{missed} moments before {TriggerSchedule.Words(now)} start no run of their own (misfire {settings.Misfire.ToString().ToLowerInvariant()}{(settings.Misfire == TriggerMisfire.All ? $", limit {settings.MisfireLimit}" : "")})");

    private Task<IEnumerable<string>> FindDueAsync(string? triggerId, CancellationToken cancellationToken) =>
        engine.Store.Database.ReadAsync(connection => connection.QueryAsync<string>(
            $"""
            select id
            from workflow_triggers
            where is_active = 1 and is_paused = 0 and next_at <= {engine.Store.Database.Now}
              and (cast(@triggerId as text) is null or id = @triggerId)
            order by next_at, id
            """, new { triggerId }), cancellationToken);
}
