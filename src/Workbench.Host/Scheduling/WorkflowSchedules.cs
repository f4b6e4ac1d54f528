using System.Data.Common;
using Quartz;
using Workbench.Workflows.Runtime;
using Workbench.Workflows.Triggers;

namespace Workbench.Host.Scheduling;

/// <summary>
/// Keeps one wake-up in Quartz for each schedule of a published workflow, and fires what is due all the same when a wake-up was
/// lost: a host that comes back first finds here what it has missed.
/// </summary>
internal sealed partial class WorkflowSchedules(WorkflowEngine engine, ISchedulerFactory schedulers, ILogger<WorkflowSchedules> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly IReadOnlyList<string> Types = [TriggerTypes.Cron, TriggerTypes.Timer, TriggerTypes.StartAt];
    private readonly Dictionary<string, DateTimeOffset> _set = [];
    private bool _isReady;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var scheduler = await schedulers.GetScheduler(stoppingToken);
        using var timer = new PeriodicTimer(Interval);
        do
        {
            try
            {
                await LookAsync(scheduler, stoppingToken);
            }
            catch (Exception failure) when (failure is SchedulerException or DbException || ExpectedFailure.Is(failure))
            {
                LogFailed(failure.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task LookAsync(IScheduler scheduler, CancellationToken cancellationToken)
    {
        Report(await engine.FireDueTriggersAsync(cancellationToken: cancellationToken));
        Report(await engine.FireWorkflowEndsAsync(cancellationToken));
        if (!_isReady)
            await PrepareAsync(scheduler, cancellationToken);
        await SynchroniseAsync(scheduler, cancellationToken);
    }

    /// <summary>One job for all; what an earlier version of this program left there goes, and what is set already is known.</summary>
    private async Task PrepareAsync(IScheduler scheduler, CancellationToken cancellationToken)
    {
        foreach (var job in await scheduler.GetJobKeys(GroupMatcher<JobKey>.AnyGroup(), cancellationToken))
            if (job != WakeUp.Job)
                await scheduler.DeleteJob(job, cancellationToken);
        await scheduler.AddJob(JobBuilder.Create<FireTriggerJob>().WithIdentity(WakeUp.Job).StoreDurably().Build(), AddJobOptions.Replacing, cancellationToken);
        var keys = await scheduler.GetTriggerKeys(GroupMatcher<TriggerKey>.GroupEquals(WakeUp.Job.Group), cancellationToken);
        foreach (var trigger in await scheduler.GetTriggers([.. keys], cancellationToken))
            _set[trigger.Key.Name] = trigger.StartTimeUtc;
        _isReady = true;
    }

    private async Task SynchroniseAsync(IScheduler scheduler, CancellationToken cancellationToken)
    {
        var triggers = await engine.Store.ListTriggersAsync(new() { Types = Types }, cancellationToken);
        var wanted = triggers.Select(trigger => (trigger.Id, Moment: WakeUp.Of(trigger))).Where(one => one.Moment is not null).ToDictionary(one => one.Id, one => one.Moment!.Value);
        foreach (var id in _set.Keys.Except(wanted.Keys).ToList())
        {
            await scheduler.UnscheduleJob(WakeUp.Key(id), cancellationToken);
            _set.Remove(id);
        }
        foreach (var (id, moment) in wanted)
            if (!_set.TryGetValue(id, out var set) || set != moment)
            {
                await WakeUp.SetAsync(scheduler, id, moment, cancellationToken);
                _set[id] = moment;
            }
    }

    private void Report(IReadOnlyList<TriggerOutcome> outcomes)
    {
        foreach (var outcome in outcomes)
            if (outcome.Result == TriggerResult.Failed)
                LogNotStarted(outcome.TriggerId, outcome.Message);
            else if (outcome.IsStarted)
                LogStarted(outcome.TriggerId, outcome.Message);
    }

    [LoggerMessage(3101, LogLevel.Information, "Trigger {Trigger}: {Outcome}")]
    private partial void LogStarted(string trigger, string outcome);

    [LoggerMessage(3102, LogLevel.Error, "Schedules could not be brought up to date: {Reason}")]
    private partial void LogFailed(string reason);

    [LoggerMessage(3103, LogLevel.Warning, "Trigger {Trigger} could not start a run: {Reason}")]
    private partial void LogNotStarted(string trigger, string reason);
}
