namespace Workbench.Workflows.Runtime;

/// <summary>Looks whether what a step waits for is there, for activities that the engine knows nothing of but that they wait.</summary>
public interface IWaitCheck
{
    /// <summary>
    /// Looks once and changes nothing; any node may look, also two at once. A <see cref="WorkflowException"/> fails the step; any other
    /// exception is a look that did not succeed, and it looks again. A look of more than 30 s is given up.
    /// </summary>
    Task<WaitLook> LookAsync(WaitQuestion question, CancellationToken cancellationToken = default);
}
