using Workbench.Workflows.Storage;

namespace Workbench.Workflows.Runtime;

/// <summary>What became of a decision, the approval as it is now (null when unknown), and a message for the decider.</summary>
public sealed record Decision(DecisionOutcome Outcome, Approval? Approval, string Message)
{
    /// <summary>Whether the decision counts.</summary>
    public bool IsRecorded => Outcome == DecisionOutcome.Recorded;
}
