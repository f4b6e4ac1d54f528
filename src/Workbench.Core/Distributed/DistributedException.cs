namespace Workbench.Distributed;

/// <summary>A distributed job cannot start, or ended: an engine is missing, a rank died or stalled, ranks do not fit together.</summary>
public class DistributedException(string message, Exception? inner = null) : WorkbenchException(message, inner);
