namespace Workbench.Host.Demo;

/// <summary>A stage of the demo does not hold; the message says what was expected and what happened.</summary>
internal sealed class DemoFailure(string message) : Exception(message);
