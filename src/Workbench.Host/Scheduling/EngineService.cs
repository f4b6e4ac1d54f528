using Workbench.Host.Activities;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Scheduling;

/// <summary>The engine's worker of this host.</summary>
internal sealed partial class EngineService(WorkflowEngine engine, IStepExecutor executor, HostSettings settings, ILogger<EngineService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var worker = new WorkflowWorker(engine, executor, settings.Node, new WaitForData(settings.Project));
        worker.Failed += failure => LogFailed(failure.Message);
        await worker.RunAsync(settings.Parallelism, stoppingToken);
    }

    [LoggerMessage(3001, LogLevel.Error, "The engine's worker goes on after a failure: {Reason}")]
    private partial void LogFailed(string reason);
}
