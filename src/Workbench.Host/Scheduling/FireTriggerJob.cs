using Quartz;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Scheduling;

/// <summary>Fires a trigger whose moment has come and sets its next wake-up. Waking twice fires once.</summary>
internal sealed class FireTriggerJob(WorkflowEngine engine) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var triggerId = context.Trigger.Key.Name;
        await engine.FireDueTriggersAsync(triggerId, cancellationToken);
        if (WakeUp.Of(await engine.Store.GetTriggerAsync(triggerId, cancellationToken)) is { } next)
            await WakeUp.SetAsync(context.Scheduler, triggerId, next, cancellationToken);
    }
}
