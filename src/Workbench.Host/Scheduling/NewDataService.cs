using System.Data.Common;
using Workbench.Host.Triggers;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Scheduling;

/// <summary>Looks for new data every two seconds.</summary>
internal sealed partial class NewDataService(WorkflowEngine engine, HostSettings settings, ILogger<NewDataService> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var watch = new NewDataWatch(engine, settings.Project, TimeProvider.System);
        using var timer = new PeriodicTimer(Interval);
        do
        {
            try
            {
                foreach (var outcome in await watch.LookAsync(stoppingToken))
                    if (outcome.Result == TriggerResult.Failed)
                        LogNotStarted(outcome.TriggerId, outcome.Message);
            }
            catch (Exception failure) when (failure is DbException || ExpectedFailure.Is(failure))
            {
                LogFailed(failure.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(3201, LogLevel.Warning, "Trigger {Trigger} could not start a run: {Reason}")]
    private partial void LogNotStarted(string trigger, string reason);

    [LoggerMessage(3202, LogLevel.Error, "New data could not be looked for: {Reason}")]
    private partial void LogFailed(string reason);
}
