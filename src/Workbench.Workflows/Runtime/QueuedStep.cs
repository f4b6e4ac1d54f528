namespace Workbench.Workflows.Runtime;

/// <summary>A step that may start.</summary>
internal sealed record QueuedStep
{
    public string RunId { get; init; } = "";
    public string StepId { get; init; } = "";
    /// <summary>1 when the step needs something that is limited.</summary>
    public int HasNeeds { get; init; }
    /// <summary>How many places of a node it takes.</summary>
    public int Places { get; init; } = 1;
}
