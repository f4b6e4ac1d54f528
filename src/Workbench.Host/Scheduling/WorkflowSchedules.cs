using Quartz;
using Workbench.Workflows;

namespace Workbench.Host.Scheduling;

/// <summary>Keeps one Quartz trigger for each cron trigger of a published workflow; a new version replaces the schedule of the one before.</summary>
internal sealed partial class WorkflowSchedules(Installation installation, ISchedulerFactory schedulers, ILogger<WorkflowSchedules> logger) : BackgroundService
{
    public const string CronActivity = "Elsa.Cron";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private string _scheduled = "";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var scheduler = await schedulers.GetScheduler(stoppingToken);
        using var timer = new PeriodicTimer(Interval);
        do
        {
            try
            {
                await SynchroniseAsync(scheduler, stoppingToken);
            }
            catch (Exception failure) when (failure is SchedulerException || ExpectedFailure.Is(failure))
            {
                LogFailed(failure.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task SynchroniseAsync(IScheduler scheduler, CancellationToken cancellationToken)
    {
        var triggers = await installation.Workflows.ListTriggersAsync([CronActivity], cancellationToken);
        var crons = triggers.Where(trigger => trigger.Type == CronActivity).Select(trigger => new ScheduledCron(
            trigger.DefinitionId, trigger.ActivityId!, (string?)trigger.Config["cronExpression"] ?? "", (string?)trigger.Config["timeZone"] ?? "UTC")).ToList();
        var wanted = string.Join('\n', crons);
        if (wanted == _scheduled)
            return;
        foreach (var job in await scheduler.GetJobKeys(GroupMatcher<JobKey>.AnyGroup(), cancellationToken))
            if (!crons.Any(cron => cron.Key == job.Name))
                await scheduler.DeleteJob(job, cancellationToken);
        foreach (var cron in crons)
            if (!await IsScheduledAsync(scheduler, cron, cancellationToken))
                await ScheduleAsync(scheduler, cron, cancellationToken);
        _scheduled = wanted;
    }

    // A schedule that did not change keeps its trigger: it remembers what a host that was down has missed.
    private static async Task<bool> IsScheduledAsync(IScheduler scheduler, ScheduledCron cron, CancellationToken cancellationToken) =>
        await scheduler.GetTrigger(new TriggerKey(cron.Key), cancellationToken) is ICronTrigger trigger
        && trigger.CronExpressionString == CronSyntax.ToQuartz(cron.Expression) && trigger.TimeZone.Id == cron.Zone.Id;

    private async Task ScheduleAsync(IScheduler scheduler, ScheduledCron cron, CancellationToken cancellationToken)
    {
        await scheduler.DeleteJob(new JobKey(cron.Key), cancellationToken);
        var job = JobBuilder.Create<StartRunJob>().WithIdentity(cron.Key)
            .UsingJobData(StartRunJob.Definition, cron.DefinitionId).UsingJobData(StartRunJob.Activity, cron.ActivityId).UsingJobData(StartRunJob.Expression, cron.Expression).Build();
        // A host that was down catches up once.
        var trigger = TriggerBuilder.Create().WithIdentity(cron.Key)
            .WithCronSchedule(CronSyntax.ToQuartz(cron.Expression), schedule => schedule.InTimeZone(cron.Zone)).Build();
        await scheduler.ScheduleJob(job, trigger, cancellationToken: cancellationToken);
        LogScheduled(cron.DefinitionId, cron.Expression, cron.TimeZone);
    }

    private sealed record ScheduledCron(string DefinitionId, string ActivityId, string Expression, string TimeZone)
    {
        public string Key => $"{DefinitionId}/{ActivityId}";

        /// <exception cref="WorkflowException">The machine does not know the time zone.</exception>
        public TimeZoneInfo Zone => TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out var zone)
            ? zone
            : throw new WorkflowException($"The schedule of '{DefinitionId}' has the time zone '{TimeZone}', which this machine does not know. Use an IANA name such as Europe/Berlin, or UTC.");
    }

    [LoggerMessage(3101, LogLevel.Information, "Scheduled {Workflow} at '{Cron}' ({TimeZone})")]
    private partial void LogScheduled(string workflow, string cron, string timeZone);

    [LoggerMessage(3102, LogLevel.Error, "Schedules could not be brought up to date: {Reason}")]
    private partial void LogFailed(string reason);
}
