namespace Workbench.Workflows.Runtime;

/// <summary>Does the work of steps whose types the engine does not know itself.</summary>
public interface IStepExecutor
{
    /// <summary>
    /// Runs one attempt. It may run again after a crash, so effects outside the database carry <see cref="StepContext.Key"/>.
    /// Throws when the attempt failed; <see cref="StepFailedException"/> says whether to try again. Must end soon after
    /// <paramref name="cancellationToken"/> is cancelled.
    /// </summary>
    Task<StepResult> ExecuteAsync(StepContext context, CancellationToken cancellationToken = default);
}
