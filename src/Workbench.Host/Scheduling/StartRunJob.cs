using System.Globalization;
using System.Text.Json.Nodes;
using Quartz;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Scheduling;

/// <summary>Starts a run of a workflow when its time has come; the same moment starts one run, however often it fires.</summary>
internal sealed class StartRunJob(WorkflowEngine engine) : IJob
{
    public const string Definition = "definition";
    public const string Activity = "activity";
    public const string Expression = "expression";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var data = context.MergedJobDataMap;
        var (definition, activity) = (data.GetString(Definition)!, data.GetString(Activity)!);
        var fired = context.ScheduledFireTimeUtc ?? context.FireTimeUtc;
        var moment = fired.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        await engine.StartRunAsync(definition, new JsonObject(), new StartRequest($"schedule '{data.GetString(Expression)}' at {moment}", "schedule")
        {
            IdempotencyKey = $"cron/{definition}/{activity}/{moment}", TriggerActivityId = activity,
        }, cancellationToken);
    }
}
