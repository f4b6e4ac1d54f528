namespace Workbench.Registry;

/// <summary>The registry refuses a request: unknown model, damaged artifact, name already taken.</summary>
public sealed class RegistryException(string message, Exception? innerException = null) : WorkbenchException(message, innerException);
