using Workbench.Workflows.Runtime;

namespace Workbench.Workflows;

/// <summary>Steps that wait, as steps do whose work happens elsewhere.</summary>
internal sealed class WaitExecutor(TimeSpan time) : IStepExecutor
{
    public async Task<StepResult> ExecuteAsync(StepContext context, CancellationToken cancellationToken = default)
    {
        await Task.Delay(time, cancellationToken);
        return new();
    }
}
