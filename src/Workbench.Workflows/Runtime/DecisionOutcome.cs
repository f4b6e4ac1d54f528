namespace Workbench.Workflows.Runtime;

/// <summary>What became of a decision.</summary>
public enum DecisionOutcome
{
    /// <summary>It counts, now or because the same person had decided the same before.</summary>
    Recorded,
    /// <summary>Another decision, the deadline or the end of the run came first.</summary>
    TooLate,
    /// <summary>The actor is none of the approvers.</summary>
    NotAllowed,
    /// <summary>A rejection says no reason.</summary>
    ReasonMissing,
    /// <summary>There is no such approval.</summary>
    Unknown,
}
