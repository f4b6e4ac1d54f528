namespace Workbench;

/// <summary>
/// A failure of Workbench's own domain: the message says what, which value, what was allowed and what to do.
/// A wrong call throws the ArgumentException family, a wrong state InvalidOperationException.
/// </summary>
public abstract class WorkbenchException(string message, Exception? innerException = null) : Exception(message, innerException);
