namespace Workbench.Workflows;

/// <summary>A workflow definition or run cannot be used as asked; the message names the workflow and the activity.</summary>
public sealed class WorkflowException(string message, Exception? innerException = null) : Exception(message, innerException);
