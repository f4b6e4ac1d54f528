namespace Workbench.Workflows;

/// <summary>A workflow definition or run cannot be used as asked; the message names the workflow and the activity.</summary>
public sealed class WorkflowException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Whether the database is out of reach at present, so that the same call may succeed later.</summary>
    public bool IsUnavailable { get; init; }
}
