namespace Workbench.Host;

/// <summary>A command cannot do what it was asked; the message says what to do instead.</summary>
internal sealed class CommandException(string message) : Exception(message);
