namespace Workbench.Workflows.Runtime;

/// <summary>A step's attempt failed. An executor throws it to say that trying again is useless; any other exception is retried.</summary>
public sealed class StepFailedException(string message, bool isRetryable, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Whether a later attempt may succeed.</summary>
    public bool IsRetryable { get; } = isRetryable;
}
