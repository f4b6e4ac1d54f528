using Quartz;
using Workbench.Workflows.Storage;

namespace Workbench.Host.Scheduling;

/// <summary>One Quartz trigger for the next moment of a workflow trigger; all of them belong to one job.</summary>
internal static class WakeUp
{
    public static JobKey Job { get; } = new("fire-trigger", "workflows");

    public static TriggerKey Key(string triggerId) => new(triggerId, Job.Group);

    public static Task SetAsync(IScheduler scheduler, string triggerId, DateTimeOffset moment, CancellationToken cancellationToken) => scheduler.ScheduleTrigger(
        TriggerBuilder.Create().WithIdentity(Key(triggerId)).ForJob(Job).StartAt(moment).Build(), TriggerConflict.Replace, cancellationToken).AsTask();

    /// <summary>The moment at which a trigger is to wake a host; null while there is none.</summary>
    public static DateTimeOffset? Of(WorkflowTrigger? trigger) => trigger is { IsActive: true, IsPaused: false } ? trigger.NextAt : null;
}
