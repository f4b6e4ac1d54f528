using System.Diagnostics;
using Workbench.Workflows.Runtime;

namespace Workbench.Workflows.Benchmarks;

/// <summary>Steps that do nothing; remembers when the last one began.</summary>
internal sealed class BenchmarkExecutor : IStepExecutor
{
    private TaskCompletionSource<long> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The timestamp at which the next step begins.</summary>
    public Task<long> NextAsync() => (_next = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public Task<StepResult> ExecuteAsync(StepContext context, CancellationToken cancellationToken = default)
    {
        _next.TrySetResult(Stopwatch.GetTimestamp());
        return Task.FromResult(new StepResult());
    }
}
