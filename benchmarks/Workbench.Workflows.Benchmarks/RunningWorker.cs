using Workbench.Workflows.Runtime;

namespace Workbench.Workflows.Benchmarks;

/// <summary>A worker that runs until it is disposed.</summary>
internal sealed class RunningWorker : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public RunningWorker(WorkflowEngine engine, IStepExecutor executor, int parallelism) =>
        _running = new WorkflowWorker(engine, executor).RunAsync(parallelism, _stop.Token);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }
}
